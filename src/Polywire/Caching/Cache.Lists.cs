using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Caching;

/// <content>Lists: first in, first out; items are the JSON <c>{data: item}</c>. Source: core.md K-7.</content>
internal sealed partial class Cache
{
    public ValueTask<long> PushAsync<T>(string key, T item, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = _json.Options.Encoder }))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("data"u8);
            JsonSerializer.Serialize(writer, item, _json.GetTypeInfo<T>());
            writer.WriteEndObject();
        }

        // Copied to its exact size: the buffer has grown by doubling, and the store counts what it is given.
        return _store.PushAsync(_prefix + key, buffer.WrittenSpan.ToArray(), cancellationToken);
    }

    public async ValueTask<T?> PopAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var type = _json.GetTypeInfo<T>();
        return await _store.PopAsync(_prefix + key, cancellationToken) is { } item
            ? ReadItem(item.Span, type)
            : default;
    }

    public ValueTask<long> ListLengthAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _store.LengthAsync(_prefix + key, cancellationToken);
    }

    // Another program may have put anything there.
    private T? ReadItem<T>(ReadOnlySpan<byte> item, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(item);
        if (TryFindData(ref reader))
        {
            return JsonSerializer.Deserialize(ref reader, type);
        }

        if (_foreignPause.IsOver())
        {
            Log.ForeignItem(_logger);
        }

        return default;
    }

    private static bool TryFindData(ref Utf8JsonReader reader)
    {
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isData = reader.ValueTextEquals("data"u8);
                reader.Read();
                if (isData)
                {
                    return true;
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // No JSON at all.
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.CacheItemForeign, LogLevel.Warning, "A list of the cache has an item that is no object with data; it is taken as null")]
        public static partial void ForeignItem(ILogger logger);
    }
}
