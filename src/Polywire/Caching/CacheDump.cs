using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polywire.Caching;

/// <summary>A dump as a file: one JSON object, full key to the text of <c>{value, expireTimestamp, createdAt, readAt}</c>.</summary>
/// <remarks>Writes record by record, reads whole. Source: core.md K-1, K-6.</remarks>
internal sealed class CacheDump : IAsyncDisposable
{
    private const int FlushBytes = 65_536;

    /// <summary>What PolywireJson writes at most, and one level for the envelope.</summary>
    private static readonly JsonDocumentOptions RecordOptions = new() { MaxDepth = 65 };
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _file;
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _record;

    /// <summary>Begins a dump; the stream stays the caller's.</summary>
    public CacheDump(Stream file)
    {
        _file = new Utf8JsonWriter(file, WriterOptions);
        _record = new Utf8JsonWriter(_text, WriterOptions);
        _file.WriteStartObject();
    }

    /// <summary>Reads a dump.</summary>
    /// <param name="file">UTF-8.</param>
    /// <param name="prefix">What every key must begin with.</param>
    /// <param name="now">The creation time of objects whose text has none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">The file is no dump under this prefix.</exception>
    public static async Task<List<KeyValuePair<string, CacheRecord>>> ReadAsync(
        Stream file,
        string prefix,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                throw new InvalidDataException("A cache dump is one JSON object.");
            }

            var records = new List<KeyValuePair<string, CacheRecord>>();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!member.Name.StartsWith(prefix, StringComparison.Ordinal) || member.Value.ValueKind is not JsonValueKind.String)
                {
                    throw new InvalidDataException($"\"{member.Name}\" in the cache dump is no object under the prefix \"{prefix}\".");
                }

                records.Add(new(member.Name, ReadRecord(member.Name, member.Value.GetString()!, now)));
            }

            return records;
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException("The cache dump is not valid JSON.", broken);
        }
    }

    public async ValueTask WriteAsync(string key, CacheRecord record, CancellationToken cancellationToken)
    {
        _text.ResetWrittenCount();
        _record.Reset();
        _record.WriteStartObject();
        _record.WritePropertyName("value"u8);
        _record.WriteRawValue(record.Value.Span, skipInputValidation: true);
        WriteTime("expireTimestamp"u8, record.ExpiresAt);
        WriteTime("createdAt"u8, record.CreatedAt);
        WriteTime("readAt"u8, record.ReadAt);
        _record.WriteEndObject();
        _record.Flush();

        _file.WriteString(key, _text.WrittenSpan);
        if (_file.BytesPending > FlushBytes)
        {
            await _file.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Ends the dump; without it the file is no valid JSON.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _file.WriteEndObject();
        await _file.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _record.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static CacheRecord ReadRecord(string key, string text, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(text, RecordOptions);
        var root = document.RootElement;
        if (root.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException($"\"{key}\" in the cache dump is no object with a value.");
        }

        // ActionHero's JSON leaves a member out whose value is undefined: no value is null.
        ReadOnlyMemory<byte> value = root.TryGetProperty("value"u8, out var element)
            ? JsonMarshal.GetRawUtf8Value(element).ToArray()
            : "null"u8.ToArray();
        return new CacheRecord
        {
            Value = value,
            CreatedAt = ReadTime(key, root, "createdAt"u8) ?? now,
            ExpiresAt = ReadTime(key, root, "expireTimestamp"u8),
            ReadAt = ReadTime(key, root, "readAt"u8),
        };
    }

    private static DateTimeOffset? ReadTime(string key, JsonElement root, ReadOnlySpan<byte> name)
    {
        if (!root.TryGetProperty(name, out var element) || element.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (element.ValueKind is JsonValueKind.Number && element.TryGetInt64(out var milliseconds)
            && milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        throw new InvalidDataException($"\"{key}\" in the cache dump has a time that is no whole number of milliseconds.");
    }

    private void WriteTime(ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            _record.WriteNumber(name, known.ToUnixTimeMilliseconds());
        }
        else
        {
            _record.WriteNull(name);
        }
    }
}
