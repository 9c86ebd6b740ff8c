using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>What became of a join: <see cref="NoRoom"/>, or <see cref="Joined"/> with its generation. The default value is <see cref="NoRoom"/>.</summary>
[Experimental("PWX0002")]
public readonly record struct JoinOutcome
{
    private JoinOutcome(long generation) => (IsJoined, Generation) = (true, generation);

    /// <summary>There is no such room, and nothing was noted.</summary>
    public static JoinOutcome NoRoom => default;

    /// <summary>Whether the member is noted.</summary>
    public bool IsJoined { get; }

    /// <summary>The generation at the moment of the join; 0 where it did not join.</summary>
    public long Generation { get; }

    /// <summary>The member is noted.</summary>
    /// <param name="generation">The generation at that moment.</param>
    public static JoinOutcome Joined(long generation) => new(generation);
}
