namespace Polywire.Doors;

/// <summary>What a door has read.</summary>
internal enum InputStepKind : byte
{
    /// <summary>Nothing whole.</summary>
    NeedMore,

    /// <summary>A request for an action.</summary>
    Action,

    /// <summary>A request for a verb.</summary>
    Verb,

    /// <summary>A request for a file.</summary>
    File,

    /// <summary>What is answered as it is.</summary>
    Answer,

    /// <summary>What asks for nothing.</summary>
    Done,

    /// <summary>The end of the connection.</summary>
    End,
}
