namespace Polywire.Generators.Parsing;

/// <summary>How values of a type are made.</summary>
/// <param name="Converter">The method that makes one.</param>
/// <param name="JsonType">JSON's word for the type.</param>
internal sealed record BoundType(string Converter, string JsonType)
{
    public ValueShape Shape { get; init; } = ValueShape.Other;

    /// <summary>Whether <c>""</c> is a value.</summary>
    public bool IsText { get; init; }

    /// <summary>The key of the record it is or has as elements.</summary>
    public string? Record { get; init; }

    /// <summary>Whether the records are found by keys of the client's choice, at any level.</summary>
    public bool IsTable { get; init; }

    /// <summary>JSON's word for the elements of an array; null for anything else.</summary>
    public string? ItemType { get; init; }

    /// <summary>How the number of elements is asked for, <c>{0}</c> standing for the value; null for what has none.</summary>
    public string? Count { get; init; }

    /// <summary>The word of JSON Schema for the notation of a text: <c>uuid</c>.</summary>
    public string? Format { get; init; }

    /// <summary>The names of an enum's members.</summary>
    public IReadOnlyList<string> EnumNames { get; init; } = [];
}

/// <summary>What attributes want to know of a type.</summary>
internal enum ValueShape
{
    Other,
    Text,
    Character,
    Boolean,

    /// <summary>Fits into a <see cref="long"/>.</summary>
    Integer,

    /// <summary>A whole number that may not fit.</summary>
    BigInteger,
    Float,
    Decimal,
    Enum,
    Collection,
}
