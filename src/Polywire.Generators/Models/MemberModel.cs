namespace Polywire.Generators.Models;

/// <summary>One input.</summary>
internal sealed record MemberModel
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; init; } = "";

    /// <summary>The property's name; that of the parameter where there is no property.</summary>
    public string Property { get; init; } = "";

    /// <summary>The type without its question mark, fully qualified.</summary>
    public string Type { get; init; } = "";

    public bool IsNullable { get; init; }

    public bool IsValueType { get; init; }

    /// <summary>The method that makes the value.</summary>
    public string Converter { get; init; } = "";

    /// <summary>Whether <c>""</c> is a value.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether formatters of a required text have their say before it counts as missing.</summary>
    public bool RequiresAfterFormat { get; init; }

    /// <summary>A format for the text of a missing input; null takes the catalogue's.</summary>
    public string? MissingText { get; init; }

    /// <summary>An expression for the value of an input that was not sent; null if there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the default is what the type's own initializer makes of it.</summary>
    public bool HasInitializer { get; init; }

    /// <summary>The place among the constructor's arguments, or -1 for a property that is set.</summary>
    public int Argument { get; init; } = -1;

    /// <summary>Whether C# demands that it is set.</summary>
    public bool MustBeSet { get; init; }

    /// <summary>What is set on the descriptor: <c>Required = true</c> and the like.</summary>
    public EquatableArray<string> Properties { get; init; }

    /// <summary>The key of the record it is, or has as elements; null for other types.</summary>
    public string? Record { get; init; }

    /// <summary>Whether the records are found by keys of the client's choice, so that none of their names is known beforehand.</summary>
    public bool IsTable { get; init; }

    /// <summary>Whether logs hide the value.</summary>
    public bool IsSecret { get; init; }

    public EquatableArray<StepModel> Steps { get; init; }
}
