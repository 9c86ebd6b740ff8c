namespace Polywire.Doors;

/// <summary>What a persistent connection can ask for besides running an action.</summary>
/// <remarks>Compiled into the generator too.</remarks>
#if POLYWIRE_GENERATORS
internal enum Verb
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public enum Verb
#endif
{
    /// <summary>No verb: the name of an action.</summary>
    None,

    /// <summary>Ends the connection; the answer is the goodbye.</summary>
    Quit,

    /// <summary>The same as <see cref="Quit"/>.</summary>
    Exit,

    /// <summary>The documentation of all actions.</summary>
    Documentation,

    /// <summary>Keeps a param for the requests that follow.</summary>
    ParamAdd,

    /// <summary>Forgets a param.</summary>
    ParamDelete,

    /// <summary>Tells a param that was kept.</summary>
    ParamView,

    /// <summary>Tells all params that were kept.</summary>
    ParamsView,

    /// <summary>Forgets all params.</summary>
    ParamsDelete,

    /// <summary>Joins a room.</summary>
    RoomAdd,

    /// <summary>Leaves a room.</summary>
    RoomLeave,

    /// <summary>Tells who is in a room that the connection is in.</summary>
    RoomView,

    /// <summary>Tells the connection about itself.</summary>
    DetailsView,

    /// <summary>Says something to a room.</summary>
    Say,

    /// <summary>Sends a file of the public folders.</summary>
    File,
}
