namespace Polywire.Generators.Models;

/// <summary>All that is emitted for one contract, or for the input of an action that is its own contract.</summary>
internal sealed record ContractModel
{
    public ContractKind Kind { get; init; }

    /// <summary>The class's name as part of an identifier; of its own in the assembly.</summary>
    public string Identifier { get; init; } = "";

    /// <summary>The name of the action or the room, the context of the push.</summary>
    public string Name { get; init; } = "";

    /// <summary>An expression for the version of an action.</summary>
    public string Version { get; init; } = "";

    /// <summary>The namespace; empty for none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The declarations of the types that are added to, outermost first: <c>partial class Transfer</c>.</summary>
    public EquatableArray<string> Path { get; init; }

    /// <summary>The type of an action's input, fully qualified.</summary>
    public string Input { get; init; } = "";

    /// <summary>The type of the answer or the message, fully qualified.</summary>
    public string Output { get; init; } = "";

    /// <summary><c>public</c> or <c>internal</c>: what the message may be seen as.</summary>
    public string Access { get; init; } = "";

    /// <summary>The types whose JSON metadata is wanted, as contexts name them.</summary>
    public EquatableArray<string> JsonTypes { get; init; }

    /// <summary>The class's own comment; null where the attribute says it, or nobody does.</summary>
    public string? Documentation { get; init; }

    /// <summary>The comments of an input's members: <c>"Name", "text"</c>.</summary>
    public EquatableArray<string> InputDocumentation { get; init; }

    /// <summary>Whether anything it names is experimental.</summary>
    public bool IsExperimental { get; init; }

    /// <summary>Whether anything it names is obsolete under an id of its own, or as an error.</summary>
    public bool IsObsolete { get; init; }
}
