namespace Polywire.Generators.Models;

/// <summary>How an input is sent whose formatters give it another type.</summary>
/// <param name="Type">The type that is sent, fully qualified and without its question mark.</param>
/// <param name="IsValueType">Whether that is a value type.</param>
/// <param name="Conversion">The formatters, one around the other, <see cref="StepModel.Value"/> standing for what was sent.</param>
internal sealed record WireModel(string Type, bool IsValueType, string Conversion);
