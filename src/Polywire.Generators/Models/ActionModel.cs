namespace Polywire.Generators.Models;

/// <summary>All that is emitted for one action; plain values, so that it outlives the compilation it was read from.</summary>
internal sealed record ActionModel
{
    /// <summary>The class, fully qualified.</summary>
    public string Type { get; init; } = "";

    /// <summary>The class's name as part of an identifier; of its own in the assembly.</summary>
    public string Identifier { get; init; } = "";

    /// <summary>What clients call.</summary>
    public string Name { get; init; } = "";

    /// <summary>An expression for the version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Two actions of one name whose keys are equal have the same version.</summary>
    public string VersionKey { get; init; } = "";

    public bool IsTextVersion { get; init; }

    public string InputType { get; init; } = "";

    /// <summary>The key of the input's <see cref="RecordModel"/>.</summary>
    public string Input { get; init; } = "";

    public string OutputType { get; init; } = "";

    /// <summary>The expression that makes the action from <c>context</c>.</summary>
    public string Creation { get; init; } = "";

    /// <summary>What is set on the descriptor: <c>Description = "…"</c> and the like.</summary>
    public EquatableArray<string> Properties { get; init; }

    /// <summary>Expressions for the attributes of the class.</summary>
    public EquatableArray<string> Metadata { get; init; }

    public EquatableArray<MiddlewareModel> Middleware { get; init; }

    /// <summary>The input's record and all it is made of, nested ones first.</summary>
    public EquatableArray<RecordModel> Records { get; init; }

    public EquatableArray<ConverterModel> Converters { get; init; }

    public EquatableArray<PatternModel> Patterns { get; init; }

    /// <summary>Whether anything it names is experimental.</summary>
    public bool IsExperimental { get; init; }

    /// <summary>Whether anything it names is obsolete under an id of its own, or as an error.</summary>
    public bool IsObsolete { get; init; }
}
