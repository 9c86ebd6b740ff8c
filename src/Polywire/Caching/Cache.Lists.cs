using System.Buffers;
using System.Text.Json;

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

    private static T? ReadItem<T>(ReadOnlySpan<byte> item, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(item);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            reader.Read();
            if (isData)
            {
                return JsonSerializer.Deserialize(ref reader, type);
            }

            reader.Skip();
        }

        // JSON has no undefined: another writer's item without data is an item without a value.
        return default;
    }
}
