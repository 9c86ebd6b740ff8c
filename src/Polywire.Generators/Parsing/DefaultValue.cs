namespace Polywire.Generators.Parsing;

/// <summary>The value of an input that was not sent.</summary>
/// <param name="Expression">Code for it; null if there is none or only the type's own initializer knows it.</param>
/// <param name="Shown">Code for it as documentation shows it; null if it cannot be shown.</param>
/// <param name="IsInitializer">Whether only the type's own initializer knows it.</param>
internal sealed record DefaultValue(string? Expression, string? Shown, bool IsInitializer = false)
{
    public static readonly DefaultValue None = new(null, null);

    public bool IsNone => Expression is null && !IsInitializer;

    /// <summary>Whether documentation speaks of it: not where it is merely the zero of a type without numbers.</summary>
    public bool IsShown { get; init; } = true;
}
