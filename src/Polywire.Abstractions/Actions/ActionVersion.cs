using System.Globalization;

namespace Polywire;

/// <summary>A version of an action: a number, or a word that sorts after every number.</summary>
/// <remarks>Source: docs/protocol/actions.md, "Versions" (numbers compare as numbers, words by ordinal).</remarks>
public readonly struct ActionVersion : IComparable<ActionVersion>, IEquatable<ActionVersion>
{
    private readonly string? _text;
    private readonly double _number;

    /// <summary>Makes a numbered version.</summary>
    public ActionVersion(int number)
    {
        _number = number;
        _text = number.ToString(CultureInfo.InvariantCulture);
        IsNumber = true;
    }

    private ActionVersion(string text, double number, bool isNumber)
    {
        (_text, _number, IsNumber) = (text, number, isNumber);
    }

    /// <summary>Whether the version is a number.</summary>
    public bool IsNumber { get; }

    /// <summary>The number; 0 for a word.</summary>
    public double Number => _number;

    /// <summary>Reads a version from its text.</summary>
    public static ActionVersion Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new ActionVersion(number.ToString(CultureInfo.InvariantCulture), number, true)
            : new ActionVersion(text, 0, false);
    }

    /// <inheritdoc/>
    public int CompareTo(ActionVersion other) =>
        (IsNumber, other.IsNumber) switch
        {
            (true, true) => _number.CompareTo(other._number),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(_text, other._text),
        };

    /// <inheritdoc/>
    public bool Equals(ActionVersion other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActionVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text that clients send: <c>2</c>, <c>beta</c>.</summary>
    public override string ToString() => _text ?? "0";

    /// <summary>Whether two versions are the same.</summary>
    public static bool operator ==(ActionVersion left, ActionVersion right) => left.Equals(right);

    /// <summary>Whether two versions differ.</summary>
    public static bool operator !=(ActionVersion left, ActionVersion right) => !left.Equals(right);

    /// <summary>Whether the left comes before the right.</summary>
    public static bool operator <(ActionVersion left, ActionVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left comes before the right or is the same.</summary>
    public static bool operator <=(ActionVersion left, ActionVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left comes after the right.</summary>
    public static bool operator >(ActionVersion left, ActionVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left comes after the right or is the same.</summary>
    public static bool operator >=(ActionVersion left, ActionVersion right) => left.CompareTo(right) >= 0;
}
