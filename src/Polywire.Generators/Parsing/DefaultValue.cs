namespace Polywire.Generators.Parsing;

/// <summary>The value of an input that was not sent.</summary>
/// <param name="Expression">Code for it; null if there is none or it cannot be seen.</param>
/// <param name="Shown">Code for it as documentation shows it; null if it cannot be shown.</param>
/// <param name="IsUnseen">Whether the object that was made may have one that the code does not show.</param>
internal sealed record DefaultValue(string? Expression, string? Shown, bool IsUnseen = false)
{
    public static readonly DefaultValue None = new(null, null);

    public bool IsNone => Expression is null && !IsUnseen;

    /// <summary>Whether documentation speaks of it: not where it is merely the zero of a type without numbers.</summary>
    public bool IsShown { get; init; } = true;
}
