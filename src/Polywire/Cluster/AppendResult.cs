using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>The ways in which an append ends.</summary>
[Experimental("PWX0002")]
public enum AppendResult
{
    /// <summary>The message is numbered and kept.</summary>
    Appended,

    /// <summary>The id is known with the same message; nothing was appended.</summary>
    Duplicate,

    /// <summary>The id is known with another message; nothing was appended.</summary>
    IdInUse,

    /// <summary>The room has been destroyed; nothing was appended.</summary>
    NoRoom,
}
