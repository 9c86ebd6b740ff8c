using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Polywire.Inputs;
using Polywire.Params;

namespace Polywire.Binding;

public ref partial struct InputReader
{
    // Records with more members than this cost an array.
    private const int MembersOnStack = 24;

    /// <summary>Makes a nested record from a JSON object or, on text transports, its JSON text.</summary>
    /// <param name="value">What was sent.</param>
    /// <param name="members">The record's inputs.</param>
    /// <param name="bind">Makes the record.</param>
    /// <param name="result">The record.</param>
    public readonly bool TryReadObject<T>(
        scoped InputValue value, InputDescriptor[] members, InputBinder<T> bind, [MaybeNullWhen(false)] out T result)
    {
        result = default;
        if (!TryGetJson(value, (byte)'{', out var json))
        {
            return false;
        }

        var ranges = members.Length <= MembersOnStack ? stackalloc ParamRange[MembersOnStack] : new ParamRange[members.Length];
        if (!TryFindMembers(json, members, ranges))
        {
            return false;
        }

        var nested = new InputReader(json, ranges, members, _errors);
        result = bind(ref nested);
        return !nested.HasFailed;
    }

    /// <summary>Makes an array from a JSON array or, on text transports, its JSON text or the one element that the text is.</summary>
    /// <param name="value">What was sent.</param>
    /// <param name="convert">Makes an element.</param>
    /// <param name="result">The array.</param>
    public bool TryReadArray<T>(scoped InputValue value, InputConverter<T> convert, [MaybeNullWhen(false)] out T[] result)
    {
        result = null;
        if (!TryGetElements(value, out var json, out var count))
        {
            return false;
        }

        if (json.IsEmpty)
        {
            if (convert(ref this, value, out var only))
            {
                result = [only];
            }

            return result is not null;
        }

        var elements = new T[count];
        if (!TryFill(json, elements, convert))
        {
            return false;
        }

        result = elements;
        return true;
    }

    /// <inheritdoc cref="TryReadArray"/>
    public bool TryReadList<T>(scoped InputValue value, InputConverter<T> convert, [MaybeNullWhen(false)] out List<T> result)
    {
        result = null;
        if (!TryGetElements(value, out var json, out var count))
        {
            return false;
        }

        if (json.IsEmpty)
        {
            if (convert(ref this, value, out var only))
            {
                result = [only];
            }

            return result is not null;
        }

        var elements = new List<T>(count);
        CollectionsMarshal.SetCount(elements, count);
        if (!TryFill(json, CollectionsMarshal.AsSpan(elements), convert))
        {
            return false;
        }

        result = elements;
        return true;
    }

    /// <inheritdoc cref="TryReadArray"/>
    public bool TryReadImmutableArray<T>(scoped InputValue value, InputConverter<T> convert, out ImmutableArray<T> result)
    {
        var done = TryReadArray(value, convert, out var elements);
        result = done ? ImmutableCollectionsMarshal.AsImmutableArray(elements) : default;
        return done;
    }

    /// <summary>Makes a dictionary from a JSON object or, on text transports, its JSON text; the last of equal keys counts.</summary>
    /// <param name="value">What was sent.</param>
    /// <param name="convert">Makes a value.</param>
    /// <param name="result">The dictionary; keys compare ordinally.</param>
    public bool TryReadDictionary<T>(
        scoped InputValue value, InputConverter<T> convert, [MaybeNullWhen(false)] out Dictionary<string, T> result)
    {
        result = null;
        if (!TryGetJson(value, (byte)'{', out var json))
        {
            return false;
        }

        var entries = new Dictionary<string, T>(StringComparer.Ordinal);
        var good = true;
        var entry = new Utf8JsonReader(json);
        try
        {
            entry.Read();
            while (entry.Read() && entry.TokenType == JsonTokenType.PropertyName)
            {
                var key = ParamValue.ReadString(ref entry);
                var element = ReadElement(ref entry, json);
                _errors.Enter(key);
                if (convert(ref this, element, out var converted))
                {
                    entries[key] = converted;
                }
                else
                {
                    good = false;
                }

                _errors.Leave();
            }
        }
        catch (JsonException)
        {
            good = false;
        }

        result = good ? entries : null;
        return good;
    }

    /// <summary>Makes a list's element that may be null.</summary>
    public bool TryReadNullable<T>(scoped InputValue value, InputConverter<T> convert, out T? result)
        where T : struct
    {
        result = null;
        if (value.Form == InputForm.Null)
        {
            return true;
        }

        var done = convert(ref this, value, out var converted);
        result = done ? converted : null;
        return done;
    }

    /// <summary>Makes a list's element that may be null.</summary>
    public bool TryReadNullableReference<T>(scoped InputValue value, InputConverter<T> convert, out T? result)
        where T : class
    {
        result = null;
        return value.Form == InputForm.Null || convert(ref this, value, out result);
    }

    private bool TryFill<T>(scoped ReadOnlySpan<byte> json, scoped Span<T> elements, InputConverter<T> convert)
    {
        var good = true;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        for (var i = 0; i < elements.Length; i++)
        {
            reader.Read();
            var element = SkipElement(ref reader, json);
            _errors.EnterElement(i);
            if (!convert(ref this, element, out elements[i]!))
            {
                // The rest is looked at too: a missing member further on is told before a wrong one here.
                good = false;
            }

            _errors.Leave();
        }

        return good;
    }
}
