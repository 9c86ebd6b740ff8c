namespace Polywire.Doors;

/// <summary>What a persistent connection can ask for besides running an action.</summary>
/// <remarks>Compiled into the generator too.</remarks>
internal enum Verb
{
    /// <summary>No verb: the name of an action.</summary>
    None,
    Quit,
    Exit,
    Documentation,
    ParamAdd,
    ParamDelete,
    ParamView,
    ParamsView,
    ParamsDelete,
    RoomAdd,
    RoomLeave,
    RoomView,
    DetailsView,
    Say,
    File,
}
