using System.Text;
using Polywire.AspNetCore.Compatibility.Queries;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Names that count from 0 are a list that was taken for a table: it becomes the one param <c>payload</c>.</summary>
/// <remarks>Source: docs/protocol/http.md, "Payload". Holds for the query, the fields and the files of a request, each for itself.</remarks>
internal static class PayloadRule
{
    public static ReadOnlySpan<byte> Name => "payload"u8;

    /// <summary>Adds the members of a table, or the one list that they are.</summary>
    public static void Add(QueryNode table, ParamSet set)
    {
        using var buffer = ResponseBuffer.Rent();
        if (IsList(table.Members!.Keys))
        {
            QueryNode.List(table.InOrder().Select(static pair => pair.Value)).Write(buffer.Writer);
            buffer.Writer.Flush();
            set.AddLast(Name, buffer.WrittenSpan, ParamKind.Json);
            return;
        }

        foreach (var (name, value) in table.InOrder())
        {
            if (value.Text is { } text)
            {
                set.AddLast(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(text), ParamKind.Text);
                continue;
            }

            buffer.Truncate(0);
            buffer.Writer.Reset(buffer);
            value.Write(buffer.Writer);
            buffer.Writer.Flush();
            set.AddLast(Encoding.UTF8.GetBytes(name), buffer.WrittenSpan, ParamKind.Json);
        }
    }

    /// <summary>Turns the entries from a place on into the one list that they are, if they are one.</summary>
    public static void Apply(ParamSet set, int from)
    {
        if (set.Count == from || !char.IsAsciiDigit((char)(set.NameAt(from) is [var first, ..] ? first : 0)))
        {
            return;
        }

        // Of several of one name the last counts.
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = from; i < set.Count; i++)
        {
            var name = Encoding.UTF8.GetString(set.NameAt(i));
            if (QueryNode.Index(name) is null)
            {
                return;
            }

            last[name] = i;
        }

        if (!IsList(last.Keys))
        {
            return;
        }

        var uploads = new List<UploadedFile>();
        using var buffer = ResponseBuffer.Rent();
        buffer.Writer.WriteStartArray();
        for (var i = 0; i < last.Count; i++)
        {
            var value = set.ValueAt(last[i.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            value.WriteTo(buffer.Writer);
            if (value.Upload is UploadedFile file)
            {
                uploads.Add(file);
            }
        }

        buffer.Writer.WriteEndArray();
        buffer.Writer.Flush();
        set.Truncate(from);
        set.AddLast(Name, buffer.WrittenSpan, uploads.Count > 0 ? ParamKind.File : ParamKind.Json, uploads.Count > 0 ? uploads : null);
    }

    private static bool IsList(ICollection<string> names) =>
        names.Count > 0 && names.All(name => QueryNode.Index(name) is { } index && index < names.Count);
}
