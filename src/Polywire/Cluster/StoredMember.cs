using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>A member of a room as an <see cref="IRoomStore"/> keeps it.</summary>
[Experimental("PWX0002")]
public sealed record StoredMember
{
    /// <summary>The connection's id.</summary>
    public required string Id { get; init; }

    /// <summary>When it joined, to the millisecond.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>The <see cref="NodeIdentity.Id"/> of the node that has the connection.</summary>
    public required string Host { get; init; }

    /// <summary>The <see cref="NodeIdentity.Incarnation"/> of that node; <see langword="null"/> for an entry of another program, which is shown and never swept.</summary>
    public string? Node { get; init; }
}
