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

    /// <summary>An expression for an argument that was not sent; null if there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The place among the constructor's arguments, or -1 for a property that is set.</summary>
    public int Argument { get; init; } = -1;

    /// <summary>The name of the constructor's parameter.</summary>
    public string ArgumentName { get; init; } = "";

    /// <summary>Whether a property is there whenever the object is made; others are set only if they were sent.</summary>
    public bool IsAlwaysSet { get; init; }

    /// <summary>Whether what the object has can be read from it.</summary>
    public bool HasGetter { get; init; }

    /// <summary>Whether the object may turn out to have no value although it needs one.</summary>
    public bool MustNotBeNull { get; init; }

    /// <summary>How a property is set that C# sets in initializers alone; null for others.</summary>
    public SetterModel? Setter { get; init; }

    /// <summary>What is set on the descriptor: <c>Required = true</c> and the like.</summary>
    public EquatableArray<string> Properties { get; init; }

    /// <summary>The key of the record it is, or has as elements; null for other types.</summary>
    public string? Record { get; init; }

    /// <summary>Whether the records are found by keys of the client's choice, so that none of their names is known beforehand.</summary>
    public bool IsTable { get; init; }

    /// <summary>Whether logs hide the value.</summary>
    public bool IsSecret { get; init; }

    public EquatableArray<StepModel> Steps { get; init; }

    /// <summary>How it is sent, where its formatters give it another type.</summary>
    public WireModel? Wire { get; init; }

    /// <summary>The validators that are asked once the object is made.</summary>
    public EquatableArray<string> Asks { get; init; }
}
