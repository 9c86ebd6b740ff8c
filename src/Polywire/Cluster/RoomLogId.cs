using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>The id of a message, chosen by its speaker: the same words from another user are another id.</summary>
[Experimental("PWX0002")]
public sealed record RoomLogId
{
    /// <summary>1 to 128 characters from <c>!</c> to <c>~</c>.</summary>
    public required string Value { get; init; }

    /// <summary>The user who speaks; <see langword="null"/> for nobody known.</summary>
    public string? User { get; init; }

    /// <summary>What tells this message from another under the same id, such as a hash of what the speaker sent; compared letter by letter.</summary>
    public required string Fingerprint { get; init; }
}
