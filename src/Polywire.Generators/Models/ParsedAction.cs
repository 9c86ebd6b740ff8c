namespace Polywire.Generators.Models;

/// <summary>What was read of one class: the model unless there were errors, and what there is to say about it.</summary>
/// <param name="Model">Null if nothing can be emitted.</param>
/// <param name="Identity">What is compared between actions; null if the class has no usable name.</param>
/// <param name="Contract">What the action's own input is given; null where it is not partial, or belongs to a contract.</param>
/// <param name="Diagnostics">In the order they were found.</param>
internal sealed record ParsedAction(
    ActionModel? Model, ActionIdentity? Identity, ContractModel? Contract, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>Name and version of an action and where they stand.</summary>
/// <param name="Name">What clients call.</param>
/// <param name="VersionKey">Equal for equal versions.</param>
/// <param name="IsTextVersion">Whether the version is a word.</param>
/// <param name="Type">The class, as a person reads it.</param>
/// <param name="JsonKey">The answer's type, as JSON contexts are asked for it; null if they need not be.</param>
/// <param name="Location">The class.</param>
internal sealed record ActionIdentity(
    string Name, string VersionKey, bool IsTextVersion, string Type, string? JsonKey, LocationInfo? Location);
