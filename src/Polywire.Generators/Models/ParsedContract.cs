namespace Polywire.Generators.Models;

/// <summary>What was read of one contract: the model unless there were errors, and what there is to say about it.</summary>
/// <param name="Model">Null if nothing can be emitted.</param>
/// <param name="Identity">What is compared between contracts; null if the class has no usable name.</param>
/// <param name="Diagnostics">In the order they were found.</param>
internal sealed record ParsedContract(ContractModel? Model, ContractIdentity? Identity, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>A contract's name and where it stands.</summary>
/// <param name="Kind">What it is of.</param>
/// <param name="Name">The name on the wire.</param>
/// <param name="VersionKey">Equal for equal versions of an action.</param>
/// <param name="Type">The class, as a person reads it.</param>
/// <param name="JsonTypes">The project's own types whose JSON metadata is wanted.</param>
/// <param name="Location">The class.</param>
internal sealed record ContractIdentity(
    ContractKind Kind, string Name, string VersionKey, string Type, EquatableArray<string> JsonTypes, LocationInfo? Location);
