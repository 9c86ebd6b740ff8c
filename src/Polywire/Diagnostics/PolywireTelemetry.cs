using System.Diagnostics;

namespace Polywire;

/// <summary>Names under which Polywire's metrics and traces are found.</summary>
public static class PolywireTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Polywire";

    internal static ActivitySource Source { get; } = new(Name);
}
