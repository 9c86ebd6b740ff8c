using System.Text;
using Polywire.AspNetCore.Compatibility.Queries;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Reads a urlencoded form: names as written, a repeated one is a list.</summary>
/// <remarks>Source: docs/protocol/http.md, "Forms". Unlike a query it does not nest. Holds no state.</remarks>
internal static class FormReader
{
    /// <summary>As many pairs as are looked at; the rest is dropped.</summary>
    public const int MaxPairs = 1000;

    /// <summary>Reads a form into params.</summary>
    /// <param name="form">Valid UTF-8.</param>
    /// <param name="set">Gets the params behind those it has.</param>
    public static void Read(ReadOnlySpan<byte> form, ParamSet set)
    {
        var before = set.Count;
        foreach (var (name, values) in Parse(form))
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            if (DroppedNames.InBody(utf8))
            {
                continue;
            }

            if (values.Count == 1)
            {
                set.AddLast(utf8, Encoding.UTF8.GetBytes(values[0]), ParamKind.Text);
                continue;
            }

            using var buffer = ResponseBuffer.Rent();
            buffer.Writer.WriteStartArray();
            foreach (var value in values)
            {
                buffer.Writer.WriteStringValue(value);
            }

            buffer.Writer.WriteEndArray();
            buffer.Writer.Flush();
            set.AddLast(utf8, buffer.WrittenSpan, ParamKind.Json);
        }

        PayloadRule.Apply(set, before);
    }

    /// <summary>Reads pairs without nesting, which is also how the unfiltered query is kept.</summary>
    public static OrderedDictionary<string, List<string>> Parse(ReadOnlySpan<byte> form)
    {
        var values = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        var pairs = 0;
        foreach (var range in form.Split((byte)'&'))
        {
            var pair = form[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (++pairs > MaxPairs)
            {
                break;
            }

            var equals = pair.IndexOf((byte)'=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            if (!values.TryGetValue(name, out var list))
            {
                values.Add(name, list = []);
            }

            list.Add(equals < 0 ? string.Empty : Decode(pair[(equals + 1)..]));
        }

        return values;
    }

    private static string Decode(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'%', (byte)'+') < 0)
        {
            return Encoding.UTF8.GetString(text);
        }

        var decoded = System.Buffers.ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            return Encoding.UTF8.GetString(decoded, 0, PercentEncoding.Decode(text, decoded));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(decoded);
        }
    }
}
