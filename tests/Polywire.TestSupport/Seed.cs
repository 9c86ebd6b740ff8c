using System.Globalization;

namespace Polywire.TestSupport;

/// <summary>Where the chance in tests comes from.</summary>
public static class Seed
{
    /// <summary>The environment variable that repeats a run: its value is the seed that the failed run printed.</summary>
    public const string Variable = "POLYWIRE_SEED";

    /// <summary>The seed of this run: the variable's value where it is set, else another one for each process.</summary>
    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next(1_000_000_000);
}
