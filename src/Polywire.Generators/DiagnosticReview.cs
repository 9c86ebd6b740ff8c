using Microsoft.CodeAnalysis.CSharp;
using Polywire.Generators.Models;

namespace Polywire.Generators;

/// <summary>What there is to say of a project: what was found in single classes, and what shows only when they are seen together.</summary>
internal static class DiagnosticReview
{
    public static IEnumerable<DiagnosticInfo> Of(
        IReadOnlyList<Findings> findings,
        IReadOnlyList<ParsedContract> contracts,
        RegistrationModel registration,
        IReadOnlyList<JsonContextModel> contexts)
    {
        var diagnostics = findings.SelectMany(finding => finding.Diagnostics)
            .Concat(contracts.SelectMany(contract => contract.Diagnostics))
            .ToList();
        var identities = findings.Select(finding => finding.Identity).OfType<ActionIdentity>()
            .OrderBy(identity => identity.Type, StringComparer.Ordinal)
            .ToList();
        foreach (var same in identities.GroupBy(identity => (identity.Name, identity.VersionKey)))
        {
            foreach (var further in same.Skip(1))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Diagnostics.DuplicateAction,
                    further.Location,
                    new EquatableArray<string>([further.Name, further.VersionKey, same.First().Type])));
            }
        }

        var shared = contracts.Select(contract => contract.Identity).OfType<ContractIdentity>()
            .OrderBy(identity => identity.Type, StringComparer.Ordinal)
            .ToList();
        foreach (var same in shared.Where(identity => identity.Kind == ContractKind.Action)
            .GroupBy(identity => (identity.Name, identity.VersionKey)))
        {
            foreach (var further in same.Skip(1))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Diagnostics.DuplicateAction,
                    further.Location,
                    new EquatableArray<string>([further.Name, further.VersionKey, same.First().Type])));
            }
        }

        foreach (var versions in identities.GroupBy(identity => identity.Name, StringComparer.Ordinal))
        {
            if (versions.FirstOrDefault(identity => identity.IsTextVersion) is { } word
                && versions.Any(identity => !identity.IsTextVersion))
            {
                diagnostics.Add(new DiagnosticInfo(Diagnostics.MixedVersions, word.Location, new EquatableArray<string>([word.Name])));
            }
        }

        if (!SyntaxFacts.IsValidIdentifier(registration.MethodName))
        {
            diagnostics.Add(new DiagnosticInfo(Diagnostics.MethodName, null, new EquatableArray<string>([registration.MethodName])));
        }

        if (!registration.HasJsonReflection)
        {
            var covered = new HashSet<string>(contexts.SelectMany(context => context.Types), StringComparer.Ordinal);
            foreach (var identity in identities.Where(identity => identity.JsonKey is not null && !covered.Contains(identity.JsonKey)))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Diagnostics.NoJsonMetadata,
                    identity.Location,
                    new EquatableArray<string>([identity.JsonKey!.Replace("global::", ""), identity.Type])));
            }

            foreach (var contract in shared)
            {
                diagnostics.AddRange(contract.JsonTypes.Where(type => !covered.Contains(type)).Select(type => new DiagnosticInfo(
                    Diagnostics.NoContractMetadata,
                    contract.Location,
                    new EquatableArray<string>([type.Replace("global::", ""), contract.Type]))));
            }
        }

        return diagnostics.Distinct();
    }
}

/// <summary>What was found in one action.</summary>
internal sealed record Findings(ActionIdentity? Identity, EquatableArray<DiagnosticInfo> Diagnostics);
