namespace Polywire.TestSupport;

/// <summary>Spoils good messages, reproducibly.</summary>
public static class Mutations
{
    private const int MostChanges = 4;
    private const int MostInserted = 16;

    /// <summary>Takes one message of a corpus and changes it one to four times.</summary>
    /// <param name="corpus">Good messages, in an order that does not change between runs; not changed themselves.</param>
    /// <param name="random">Decides everything, so that the same seed gives the same bytes.</param>
    /// <returns>A new array; now and then equal to a message of the corpus.</returns>
    public static byte[] Next(IReadOnlyList<byte[]> corpus, Random random)
    {
        var bytes = new List<byte>(Pick(corpus, random));
        var changes = random.Next(1, MostChanges + 1);
        for (var i = 0; i < changes; i++)
        {
            Change(bytes, corpus, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, IReadOnlyList<byte[]> corpus, Random random)
    {
        var (start, length) = Range(bytes.Count, random);
        switch (random.Next(7))
        {
            case 0 when bytes.Count > 0:
                bytes[Math.Min(start, bytes.Count - 1)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[Math.Min(start, bytes.Count - 1)] = (byte)random.Next(256);
                break;
            case 2:
                var inserted = new byte[random.Next(1, MostInserted + 1)];
                random.NextBytes(inserted);
                bytes.InsertRange(start, inserted);
                break;
            case 3:
                bytes.RemoveRange(start, length);
                break;
            case 4:
                bytes.InsertRange(start, bytes.GetRange(start, length));
                break;
            case 5:
                bytes.RemoveRange(start, bytes.Count - start);
                break;
            default:
                // A splice: the head of this one and the tail of another.
                var other = Pick(corpus, random);
                bytes.RemoveRange(start, bytes.Count - start);
                bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
        }
    }

    private static byte[] Pick(IReadOnlyList<byte[]> corpus, Random random) => corpus[random.Next(corpus.Count)];

    private static (int Start, int Length) Range(int count, Random random)
    {
        var start = random.Next(count + 1);
        return (start, random.Next(count - start + 1));
    }
}
