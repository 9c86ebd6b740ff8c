using System.Collections;
using System.Collections.Immutable;

namespace Polywire.Generators.Models;

/// <summary>An immutable list that is equal to another with equal elements, so that models of one source compare equal.</summary>
internal readonly struct EquatableArray<T> : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    private readonly ImmutableArray<T> _elements;

    public EquatableArray(IEnumerable<T> elements)
    {
        _elements = elements.ToImmutableArray();
    }

    public int Count => _elements.IsDefault ? 0 : _elements.Length;

    public T this[int index] => _elements[index];

    public bool Equals(EquatableArray<T> other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (!_elements[i].Equals(other._elements[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = 17;
        foreach (var element in this)
        {
            hash = unchecked((hash * 31) + element.GetHashCode());
        }

        return hash;
    }

    public IEnumerator<T> GetEnumerator() =>
        (_elements.IsDefault ? Enumerable.Empty<T>() : _elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
