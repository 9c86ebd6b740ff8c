using System.Buffers;

namespace Polywire.TestSupport;

/// <summary>Cuts a payload in every way that a network may, so that a parser's test meets all of them.</summary>
public static class Splits
{
    /// <summary>Payloads longer than this, in bytes, are cut at random places rather than at every one.</summary>
    public const int Exhaustive = 200;

    private const int RandomSplits = 100;

    // What lies around each piece: a parser that reads past its piece finds these, not zeros by luck.
    private const byte Guard = (byte)'#';
    private const int GuardLength = 3;

    /// <summary>
    /// Whole; in two at every index, an empty half included; byte by byte; byte by byte with an empty piece after each. Of a payload
    /// over <see cref="Exhaustive"/> bytes: whole, byte by byte, and cut at random places, with the seed in the name.
    /// </summary>
    /// <param name="payload">Copied, so it may change afterwards.</param>
    public static IEnumerable<Split> Of(byte[] payload)
    {
        yield return Cut(payload, "whole", []);
        yield return Cut(payload, "byte by byte", Enumerable.Range(1, Math.Max(0, payload.Length - 1)));
        if (payload.Length > Exhaustive)
        {
            for (var i = 0; i < RandomSplits; i++)
            {
                var seed = unchecked(Seed.Value + i);
                yield return Cut(payload, $"at random, {Seed.Variable}={seed}", Places(payload.Length, new Random(seed)));
            }

            yield break;
        }

        yield return Cut(payload, "byte by byte, with empty pieces", Enumerable.Range(1, payload.Length).SelectMany(at => new[] { at, at }));
        for (var at = 0; at <= payload.Length; at++)
        {
            yield return Cut(payload, $"in two at {at}", [at]);
        }
    }

    /// <summary>The same ways of cutting, each as one sequence, for a parser that keeps nothing between calls.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> Sequences(byte[] payload) => Of(payload).Select(split => split.ToSequence());

    private static int[] Places(int length, Random random)
    {
        var count = random.Next(1, 8);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(length + 1)).Order()];
    }

    private static Split Cut(byte[] payload, string name, IEnumerable<int> places)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        var start = 0;
        foreach (var place in places.Append(payload.Length))
        {
            pieces.Add(Guarded(payload.AsSpan(start, place - start)));
            start = place;
        }

        return new Split(name, pieces);
    }

    private static ReadOnlyMemory<byte> Guarded(ReadOnlySpan<byte> piece)
    {
        var bytes = new byte[piece.Length + (2 * GuardLength)];
        bytes.AsSpan().Fill(Guard);
        piece.CopyTo(bytes.AsSpan(GuardLength));
        return bytes.AsMemory(GuardLength, piece.Length);
    }
}
