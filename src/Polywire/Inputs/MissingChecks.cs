namespace Polywire;

/// <summary>Which values of a required input count as missing, besides that it was not sent (core.md I-22).</summary>
[Flags]
public enum MissingChecks
{
    /// <summary>None: whatever was sent is there.</summary>
    None = 0,

    /// <summary>
    /// <see langword="null"/>. Concerns the inputs of <c>MapDynamicAction</c>; where inputs have types, <see langword="null"/> is always missing.
    /// </summary>
    Null = 1,

    /// <summary>The empty text.</summary>
    Empty = 2,

    /// <summary>Both; the default.</summary>
    All = Null | Empty,
}
