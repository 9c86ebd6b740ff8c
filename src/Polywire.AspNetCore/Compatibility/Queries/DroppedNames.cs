namespace Polywire.AspNetCore.Compatibility.Queries;

/// <summary>Names that mean something to objects of JavaScript and nothing here; clients try them, so they are no params.</summary>
internal static class DroppedNames
{
    /// <summary>Dropped wherever it stands in a query.</summary>
    public static bool InQuery(ReadOnlySpan<char> name) => name is "__proto__" or "constructor" or "prototype";

    /// <summary>Dropped among the fields of a body; further down it is data.</summary>
    public static bool InBody(ReadOnlySpan<byte> name) => name.SequenceEqual("__proto__"u8);
}
