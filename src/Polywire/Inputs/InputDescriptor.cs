using System.Text;

namespace Polywire;

/// <summary>What is known of one input of an action.</summary>
public sealed class InputDescriptor
{
    private readonly byte[] _utf8Name;

    /// <summary>Describes an input.</summary>
    /// <param name="name">The name on the wire.</param>
    public InputDescriptor(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _utf8Name = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>The name on the wire, camel case unless the record says otherwise.</summary>
    public string Name { get; }

    /// <summary>The name on the wire in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    /// <summary>JSON's word for the type: <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>array</c>, <c>object</c> or <c>any</c>.</summary>
    public string Type { get; init; } = "any";

    /// <summary>The same word for the items of an array; <see langword="null"/> where they may be anything, and for what is no array.</summary>
    public string? ItemType { get; init; }

    /// <summary>Whether the request is refused without it; <see langword="null"/> and <c>""</c> count as not sent.</summary>
    public bool Required { get; init; }

    /// <summary>Whether <c>""</c> is good enough for a required input.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>Whether there is a default.</summary>
    public bool HasDefault { get; init; }

    /// <summary>The value of an input that was not sent, where it can be shown.</summary>
    public object? Default { get; init; }

    /// <summary>Whether logs show <c>[FILTERED]</c> in place of the value.</summary>
    public bool Secret { get; init; }

    /// <summary>For the documentation; from the XML summary or <c>param</c> element.</summary>
    public string? Description { get; init; }

    /// <summary>Limits in the words of JSON Schema (<c>minimum</c>, <c>maxLength</c>, <c>pattern</c> …), empty if none.</summary>
    public IReadOnlyDictionary<string, object> Constraints { get; init; } = new Dictionary<string, object>();

    /// <summary>The members of a nested record, of the records in a list too; empty for any other type.</summary>
    public IReadOnlyList<InputDescriptor> Members { get; init; } = [];
}
