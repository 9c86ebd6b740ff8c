using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Knows which records have a secret in them, at any depth.</summary>
internal sealed class SecretRecords(IReadOnlyList<RecordModel> records)
{
    private readonly Dictionary<string, RecordModel> _records = records.ToDictionary(record => record.Key, StringComparer.Ordinal);

    /// <summary>Whether anything in a record is secret.</summary>
    /// <param name="key">The record's key; null for what is no record.</param>
    public bool HaveAny(string? key) => HaveAny(key, new HashSet<string>(StringComparer.Ordinal));

    private bool HaveAny(string? key, HashSet<string> seen) =>
        key is not null
        && seen.Add(key)
        && _records.TryGetValue(key, out var record)
        && record.Members.Any(member => member.IsSecret || HaveAny(member.Record, seen));
}
