namespace Polywire.Inputs;

/// <summary>The kinds of value that can be sent.</summary>
internal enum InputForm : byte
{
    /// <summary>Text of a text transport.</summary>
    Text,

    /// <summary>A JSON string.</summary>
    String,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>JSON's <c>true</c>.</summary>
    True,

    /// <summary>JSON's <c>false</c>.</summary>
    False,

    /// <summary>JSON's <c>null</c>.</summary>
    Null,

    /// <summary>A JSON array.</summary>
    Array,

    /// <summary>A JSON object.</summary>
    Object,

    /// <summary>Nothing that JSON knows.</summary>
    None,
}
