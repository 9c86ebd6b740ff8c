using System.Collections;

namespace Polywire.Doors;

/// <summary>Things that the application keeps with a run or a connection. What is not there is null, as in the framework's requests.</summary>
/// <remarks>Safe to use concurrently; whoever enumerates it sees what was there when that began.</remarks>
internal sealed class ItemTable : IDictionary<object, object?>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, object?> _items = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

    public bool IsReadOnly => false;

    public ICollection<object> Keys => [.. All().Select(static pair => pair.Key)];

    public ICollection<object?> Values => [.. All().Select(static pair => pair.Value)];

    public object? this[object key]
    {
        get => TryGetValue(key, out var value) ? value : null;
        set
        {
            lock (_gate)
            {
                _items[key] = value;
            }
        }
    }

    public bool TryGetValue(object key, out object? value)
    {
        lock (_gate)
        {
            return _items.TryGetValue(key, out value);
        }
    }

    public bool ContainsKey(object key) => TryGetValue(key, out _);

    public bool Contains(KeyValuePair<object, object?> item) => TryGetValue(item.Key, out var value) && Equals(value, item.Value);

    public void Add(object key, object? value)
    {
        lock (_gate)
        {
            _items.Add(key, value);
        }
    }

    public void Add(KeyValuePair<object, object?> item) => Add(item.Key, item.Value);

    public bool Remove(object key)
    {
        lock (_gate)
        {
            return _items.Remove(key);
        }
    }

    public bool Remove(KeyValuePair<object, object?> item)
    {
        lock (_gate)
        {
            return _items.TryGetValue(item.Key, out var value) && Equals(value, item.Value) && _items.Remove(item.Key);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _items.Clear();
        }
    }

    public void CopyTo(KeyValuePair<object, object?>[] array, int arrayIndex) => All().CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<object, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<object, object?>>)All()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private KeyValuePair<object, object?>[] All()
    {
        lock (_gate)
        {
            return [.. _items];
        }
    }
}
