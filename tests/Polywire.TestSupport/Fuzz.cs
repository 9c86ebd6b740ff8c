using System.Globalization;

namespace Polywire.TestSupport;

/// <summary>Runs code over spoiled messages and tells how to repeat the run that failed.</summary>
public static class Fuzz
{
    private const int MostBytesShown = 8192;

    /// <summary>Calls <paramref name="action"/> with mutated messages of a corpus.</summary>
    /// <param name="corpus">At least one good message, always in the same order.</param>
    /// <param name="iterations">How many inputs to try.</param>
    /// <param name="action">Returns for whatever it can bear, and throws for what is a fault.</param>
    /// <exception cref="FuzzException">
    /// <paramref name="action"/> threw; the message has the input in hexadecimal and the seed. With that seed in the variable
    /// <see cref="Seed.Variable"/> the same input comes first.
    /// </exception>
    public static void Run(IEnumerable<byte[]> corpus, int iterations, Action<byte[]> action)
    {
        foreach (var (seed, input) in Inputs(corpus, iterations))
        {
            try
            {
                action(input);
            }
            catch (Exception exception)
            {
                throw Failure(seed, input, exception);
            }
        }
    }

    /// <summary>Calls <paramref name="action"/> with mutated messages of a corpus, one after the other.</summary>
    /// <inheritdoc cref="Run" path="/param|/exception"/>
    public static async Task RunAsync(IEnumerable<byte[]> corpus, int iterations, Func<byte[], Task> action)
    {
        foreach (var (seed, input) in Inputs(corpus, iterations))
        {
            try
            {
                await action(input);
            }
            catch (Exception exception)
            {
                throw Failure(seed, input, exception);
            }
        }
    }

    private static IEnumerable<(int Seed, byte[] Input)> Inputs(IEnumerable<byte[]> corpus, int iterations)
    {
        byte[][] messages = [.. corpus];
        ArgumentOutOfRangeException.ThrowIfZero(messages.Length, nameof(corpus));
        for (var i = 0; i < iterations; i++)
        {
            // Each input from a seed of its own, so that a failure repeats without the inputs before it.
            var seed = unchecked(Seed.Value + i);
            yield return (seed, Mutations.Next(messages, new Random(seed)));
        }
    }

    private static FuzzException Failure(int seed, byte[] input, Exception exception)
    {
        var shown = Convert.ToHexStringLower(input.AsSpan(0, Math.Min(input.Length, MostBytesShown)));
        var cut = input.Length > MostBytesShown ? "…" : "";
        return new FuzzException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{exception.GetType().Name}: {exception.Message}\nRepeat with {Seed.Variable}={seed}. Input of {input.Length} bytes: {shown}{cut}"),
            exception);
    }
}
