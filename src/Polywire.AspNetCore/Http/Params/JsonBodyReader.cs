using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Polywire.AspNetCore.Compatibility.Queries;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Reads a JSON body into params.</summary>
/// <remarks>Source: docs/protocol/http.md, "JSON". Holds no state.</remarks>
internal static class JsonBodyReader
{
    /// <summary>Levels that JSON may be nested.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads a whole body.</summary>
    /// <returns>Whether it is JSON; an empty one counts. Where it is not, the params are as they were.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, ParamSet set)
    {
        if (body.StartsWith("\ufeff"u8))
        {
            body = body[3..];
        }

        if (body.IsEmpty)
        {
            return true;
        }

        var before = set.Count;
        var json = set.LoadMore(body, out var offset);

        // The reader does not look into texts, and whoever reads one later is not to find bytes that are none.
        if (!Utf8.IsValid(json))
        {
            json = set.LoadMore(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body)), out offset);
        }

        LoneSurrogates.Replace(json);
        if (TryRead(json, offset, set))
        {
            return true;
        }

        set.Truncate(before);
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> json, int offset, ParamSet set)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            var before = set.Count;
            var start = (int)reader.TokenStartIndex;
            var isList = reader.TokenType == JsonTokenType.StartArray;
            var isEmptyList = false;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMembers(ref reader, offset, set);
            }
            else if (isList)
            {
                isEmptyList = SkipItems(ref reader) == 0;
            }

            // Nothing but white space may follow. Looked at before the set takes more, which may move its bytes from under the reader.
            var end = (int)reader.BytesConsumed;
            reader.Read();
            if (!isList)
            {
                PayloadRule.Apply(set, before);
            }
            else if (!isEmptyList)
            {
                set.AddLast(PayloadRule.Name, json[start..end].ToArray(), ParamKind.Json);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void ReadMembers(ref Utf8JsonReader reader, int offset, ParamSet set)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            set.AddMember(ref reader, offset);
            if (DroppedNames.InBody(set.NameAt(set.Count - 1)))
            {
                set.Truncate(set.Count - 1);
            }
        }
    }

    private static int SkipItems(ref Utf8JsonReader reader)
    {
        var items = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            items++;
        }

        return items;
    }
}
