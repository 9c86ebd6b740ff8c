using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Polywire.Params;

namespace Polywire;

/// <summary>The params of one run by name: what the client sent, whether as JSON or as text.</summary>
/// <remarks>
/// Middleware sees every param; the action sees those that are inputs of its own and the safe ones (core.md I-1). Changes are the
/// run's alone: the connection's sticky params stay as they are. Valid until the run ends; not safe to use concurrently.
/// </remarks>
public sealed class ActionParams : IEnumerable<KeyValuePair<string, object?>>
{
    private ParamSet? _set;
    private Dictionary<string, object?>? _changes;
    private ParamFilter? _filter;
    private ActionDescriptor? _action;

    internal ActionParams()
    {
    }

    /// <summary>The names, in the order they were sent.</summary>
    public IEnumerable<string> Names => this.Select(pair => pair.Key);

    /// <summary>The number of params.</summary>
    public int Count => Names.Count();

    /// <summary>The bytes as they came; null where nothing was sent.</summary>
    internal ParamSet? Set => _set;

    /// <summary>Whether middleware changed anything, so that the bytes are not the whole truth.</summary>
    internal bool IsChanged => _changes is { Count: > 0 };

    /// <summary>
    /// A param's value: <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="JsonElement"/> for lists
    /// and objects, <see cref="UploadedFile"/> (several of one name as a list of them), or what was set; <see langword="null"/> where it is null or was not sent. Setting replaces it for this run.
    /// </summary>
    public object? this[string name]
    {
        get => TryGet(name, out var value) ? value : null;
        set
        {
            ArgumentNullException.ThrowIfNull(name);
            (_changes ??= new Dictionary<string, object?>(StringComparer.Ordinal))[name] = value;
        }
    }

    /// <summary>Whether a param was sent or set, null included.</summary>
    public bool Contains(string name) => TryGet(name, out _);

    /// <summary>Finds a param; see the indexer for the kinds of value.</summary>
    public bool TryGet(string name, out object? value)
    {
        ArgumentNullException.ThrowIfNull(name);
        value = null;
        if (_filter is not null && !_filter.Allows(name))
        {
            return false;
        }

        if (_changes is not null && _changes.TryGetValue(name, out value))
        {
            var there = !ReferenceEquals(value, Removed);
            value = there ? value : null;
            return there;
        }

        if (_set is not null && TryFindRaw(name, out var raw) && !(raw.IsFalsy && IsResolvedVersion(name)))
        {
            value = raw.ToObject();
            return true;
        }

        // The version that runs counts as sent (core.md P-8).
        value = IsResolvedVersion(name) ? ResolvedVersion : null;
        return value is not null;
    }

    /// <summary>A param as text: that of a string, the JSON of anything else; <see langword="null"/> where it is null or was not sent.</summary>
    public string? GetText(string name) =>
        TryGet(name, out var value)
            ? value switch
            {
                null => null,
                string text => text,
                bool flag => flag ? "true" : "false",
                JsonElement element => element.GetRawText(),
                IFormattable other => other.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
                _ => value.ToString(),
            }
            : null;

    /// <summary>Takes a param out of this run.</summary>
    public void Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        (_changes ??= new Dictionary<string, object?>(StringComparer.Ordinal))[name] = Removed;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        if (_set is not null)
        {
            foreach (var index in _set.DistinctIndexes())
            {
                var name = Encoding.UTF8.GetString(_set.NameAt(index));
                if ((_filter is null || _filter.Allows(name)) && _changes?.ContainsKey(name) != true)
                {
                    yield return new KeyValuePair<string, object?>(name, ReadAt(index, name));
                }
            }
        }

        if (_action is not null && _changes?.ContainsKey("apiVersion") != true && _set?.IndexOf("apiVersion"u8) is not >= 0)
        {
            yield return new KeyValuePair<string, object?>("apiVersion", ResolvedVersion);
        }

        foreach (var (name, value) in _changes ?? [])
        {
            if (!ReferenceEquals(value, Removed) && (_filter is null || _filter.Allows(name)))
            {
                yield return new KeyValuePair<string, object?>(name, value);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static object Removed { get; } = new();

    private object ResolvedVersion => _action!.Version.IsNumber ? (long)_action.Version.Number : _action.Version.ToString();

    internal void Attach(ParamSet? set) => _set = set;

    /// <summary>Takes another set in place of the one that the client sent, and the caller's reference to it. Changes that middleware made are kept.</summary>
    [Experimental("PWX0001")]
    public void Replace(ParamSet set)
    {
        _set?.Release();
        _set = set;
    }

    internal void Resolve(ActionDescriptor action) => _action = action;

    /// <summary>From here on only names that the filter allows are there (core.md I-1).</summary>
    internal void Reduce(ParamFilter? filter) => _filter = filter;

    internal void Reset()
    {
        _set?.Release();
        _set = null;
        _changes?.Clear();
        _filter = null;
        _action = null;
    }

    /// <summary>Finds a value for binding: a change made by middleware, else the bytes.</summary>
    internal bool TryFind(InputDescriptor input, out ParamValue value)
    {
        value = default;
        if (_changes is { Count: > 0 } && _changes.TryGetValue(input.Name, out var changed))
        {
            if (ReferenceEquals(changed, Removed))
            {
                return false;
            }

            value = ParamEncoding.Encode(changed);
            return true;
        }

        return _set is not null && _set.TryFind(input.Utf8Name, out value);
    }

    private object? ReadAt(int index, string name)
    {
        var raw = _set!.ValueAt(index);
        return raw.IsFalsy && IsResolvedVersion(name) ? ResolvedVersion : raw.ToObject();
    }

    private bool IsResolvedVersion(string name) => _action is not null && name == "apiVersion";

    private bool TryFindRaw(string name, out ParamValue value)
    {
        Span<byte> small = stackalloc byte[256];
        var utf8 = Encoding.UTF8.GetMaxByteCount(name.Length) <= small.Length
            ? small[..Encoding.UTF8.GetBytes(name, small)]
            : Encoding.UTF8.GetBytes(name);
        return _set!.TryFind(utf8, out value);
    }
}
