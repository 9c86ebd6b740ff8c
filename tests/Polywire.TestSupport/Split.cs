using System.Buffers;

namespace Polywire.TestSupport;

/// <summary>One way of cutting a payload into pieces.</summary>
/// <param name="Name">Which way it is, for the message of a failed test.</param>
/// <param name="Pieces">The pieces in order; each may be empty, and lies within a larger array with other bytes around it.</param>
public sealed record Split(string Name, IReadOnlyList<ReadOnlyMemory<byte>> Pieces)
{
    /// <summary>The pieces as one sequence with a segment for each.</summary>
    public ReadOnlySequence<byte> ToSequence()
    {
        var chain = new SegmentChain();
        foreach (var piece in Pieces)
        {
            chain.Append(piece);
        }

        return chain.ToSequence();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
