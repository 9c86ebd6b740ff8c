using System.Buffers;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>JSON in which nothing can be taken for a tag, for answers whose content type says that they are a page or a picture.</summary>
/// <remarks>The characters stand in texts only, where an escape means the same.</remarks>
internal static class ScriptSafeJson
{
    private static readonly SearchValues<byte> Unsafe = SearchValues.Create("<>&"u8);

    /// <summary>Escapes <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>.</summary>
    /// <returns>The same memory where there are none.</returns>
    public static ReadOnlyMemory<byte> Escape(ReadOnlyMemory<byte> json)
    {
        var rest = json.Span;
        if (!rest.ContainsAny(Unsafe))
        {
            return json;
        }

        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        while (rest.IndexOfAny(Unsafe) is var at and >= 0)
        {
            output.Write(rest[..at]);
            output.Write(rest[at] switch { (byte)'<' => "\\u003c"u8, (byte)'>' => "\\u003e"u8, _ => "\\u0026"u8 });
            rest = rest[(at + 1)..];
        }

        output.Write(rest);
        return output.WrittenMemory;
    }
}
