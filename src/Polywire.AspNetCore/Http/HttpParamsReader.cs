using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Http;

/// <summary>Collects the params of a web request: route over body over query.</summary>
/// <remarks>Source: docs/protocol/http.md, "Params".</remarks>
internal sealed class HttpParamsReader(IOptions<WebOptions> options)
{
    // As many pairs as are looked at; the rest is dropped (docs/protocol/http.md, H-6).
    private const int MaxPairs = 1000;

    private readonly int _maxBodySize = options.Value.MaxBodySize;

    /// <summary>Reads query and body.</summary>
    public async ValueTask<HttpParams> ReadAsync(WebRequest request)
    {
        var http = request.Http;
        var set = ParamSet.Rent();
        ReadQuery(request.Target.Query, set);
        var problem = HasJsonBody(http.Request) ? await ReadJsonAsync(http, set) : HttpBodyProblem.None;
        return new HttpParams(set, problem);
    }

    private static void ReadQuery(string? query, ParamSet set)
    {
        var repeated = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var pairs = 0;
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (++pairs > MaxPairs)
            {
                break;
            }

            var name = pair.DecodeName().ToString();
            if (name.Length == 0 || name == "__proto__")
            {
                continue;
            }

            if (!repeated.TryGetValue(name, out var values))
            {
                repeated.Add(name, values = []);
            }

            values.Add(pair.DecodeValue().ToString());
        }

        foreach (var (name, values) in repeated)
        {
            if (values.Count == 1)
            {
                set.Set(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(values[0]), ParamKind.Text);
            }
            else
            {
                set.Set(Encoding.UTF8.GetBytes(name), WriteArray(values), ParamKind.Json);
            }
        }
    }

    private static byte[] WriteArray(List<string> values)
    {
        using var buffer = Json.ResponseBuffer.Rent();
        buffer.Writer.WriteStartArray();
        foreach (var value in values)
        {
            buffer.Writer.WriteStringValue(value);
        }

        buffer.Writer.WriteEndArray();
        buffer.Writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static bool HasJsonBody(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method)
        && !HttpMethods.IsHead(request.Method)
        && request.ContentLength != 0
        && request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;

    private async ValueTask<HttpBodyProblem> ReadJsonAsync(HttpContext http, ParamSet set)
    {
        if (http.Request.ContentLength > _maxBodySize)
        {
            return HttpBodyProblem.TooLarge;
        }

        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            if (result.Buffer.Length > _maxBodySize)
            {
                reader.AdvanceTo(result.Buffer.End);
                return HttpBodyProblem.TooLarge;
            }

            if (result.IsCompleted)
            {
                var problem = result.Buffer.IsEmpty ? HttpBodyProblem.None : ReadJson(result.Buffer, set);
                reader.AdvanceTo(result.Buffer.End);
                return problem;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static HttpBodyProblem ReadJson(in ReadOnlySequence<byte> body, ParamSet set)
    {
        var text = body.ToArray().AsSpan();
        if (text.StartsWith("\ufeff"u8))
        {
            text = text[3..];
        }

        // The reader does not look into texts, and whoever reads one later is not to find bytes that are none.
        if (!Utf8.IsValid(text))
        {
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        }

        LoneSurrogates.Replace(text);
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 64 });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                reader.Skip();
                if (reader.BytesConsumed > 2)
                {
                    set.Set("payload"u8, text[..(int)reader.BytesConsumed], ParamKind.Json);
                }
            }
            else if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMembers(ref reader, text, set);
            }

            reader.Read();
            return HttpBodyProblem.None;
        }
        catch (JsonException)
        {
            return HttpBodyProblem.Malformed;
        }
    }

    private static void ReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ParamSet set)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Encoding.UTF8.GetBytes(ParamValue.ReadString(ref reader));
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!name.AsSpan().SequenceEqual("__proto__"u8))
            {
                set.AddLast(name, text[start..(int)reader.BytesConsumed], ParamKind.Json);
            }
        }
    }
}

/// <summary>The params of a web request, and whether its body could be read. Disposed when the request ends.</summary>
internal sealed record HttpParams(ParamSet Set, HttpBodyProblem Problem) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Set.Release();
        return default;
    }
}

/// <summary>What is wrong with a body.</summary>
internal enum HttpBodyProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It cannot be read: 400, and no action runs.</summary>
    Malformed,

    /// <summary>It is larger than the limit: 413, and no action runs.</summary>
    TooLarge,
}
