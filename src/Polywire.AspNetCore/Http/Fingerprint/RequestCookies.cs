using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.Http.Fingerprint;

/// <summary>The cookies of a request: names with case, values trimmed and undecoded, the last of one name. The framework's ignore case and decode.</summary>
internal sealed class RequestCookies(StringValues header) : IReadOnlyDictionary<string, string>
{
    private Dictionary<string, string>? _all;

    public int Count => All.Count;

    public IEnumerable<string> Keys => All.Keys;

    public IEnumerable<string> Values => All.Values;

    public string this[string key] => All[key];

    private Dictionary<string, string> All => _all ??= ReadAll();

    /// <summary>One cookie without reading the others.</summary>
    public string? Find(string name)
    {
        string? found = null;
        foreach (var line in header)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var pair = Next(ref rest);
                if (TrySplit(pair, out var key, out var value) && key.SequenceEqual(name))
                {
                    found = value.ToString();
                }
            }
        }

        return found;
    }

    public bool ContainsKey(string key) => All.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => All.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => All.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest)
    {
        var semicolon = rest.IndexOf(';');
        var pair = semicolon < 0 ? rest : rest[..semicolon];
        rest = semicolon < 0 ? default : rest[(semicolon + 1)..];
        return pair;
    }

    private static bool TrySplit(ReadOnlySpan<char> pair, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        var equals = pair.IndexOf('=');
        name = equals <= 0 ? default : pair[..equals].Trim();
        value = equals <= 0 ? default : pair[(equals + 1)..].Trim();
        return !name.IsEmpty;
    }

    private Dictionary<string, string> ReadAll()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in header)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                if (TrySplit(Next(ref rest), out var name, out var value))
                {
                    all[name.ToString()] = value.ToString();
                }
            }
        }

        return all;
    }
}
