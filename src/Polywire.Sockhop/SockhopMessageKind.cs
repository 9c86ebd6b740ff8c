namespace Polywire.Sockhop;

/// <summary>What a message carries.</summary>
public enum SockhopMessageKind
{
    /// <summary>A JSON value.</summary>
    Json,

    /// <summary>Bytes, of type <c>Buffer</c>.</summary>
    Buffer,

    /// <summary>Bytes with a type name of their own.</summary>
    TypedBuffer,
}
