using System.Text.Json;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>Makes values of messages that were read.</summary>
internal static class FrameValue
{
    public static bool IsBytes(Type type) =>
        type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) || type == typeof(Memory<byte>) || type == typeof(ArraySegment<byte>);

    /// <summary>Bytes as one of the types that <see cref="IsBytes"/> names.</summary>
    /// <param name="bytes">Belongs to the value from now on.</param>
    public static T OfBytes<T>(byte[] bytes) =>
        typeof(T) == typeof(byte[]) ? (T)(object)bytes
        : typeof(T) == typeof(Memory<byte>) ? (T)(object)bytes.AsMemory()
        : typeof(T) == typeof(ArraySegment<byte>) ? (T)(object)new ArraySegment<byte>(bytes)
        : (T)(object)new ReadOnlyMemory<byte>(bytes);

    /// <summary>A value that lives as long as it is used; null only where the type says so.</summary>
    /// <exception cref="JsonException">The message has another form.</exception>
    public static T Read<T>(Connection connection, in Frame frame) =>
        ReadOrNull<T>(connection, frame) is var value && (value is not null || typeof(T).IsValueType)
            ? value!
            : throw new JsonException($"Null, or nothing, came where a {typeof(T)} was expected.");

    /// <summary>A value that lives as long as it is used; null where null or nothing came.</summary>
    /// <exception cref="JsonException">The message has another form.</exception>
    public static T? ReadOrNull<T>(Connection connection, in Frame frame)
    {
        if (typeof(T) == typeof(SockhopMessage))
        {
            return (T)(object)SockhopMessage.Copy(connection, frame);
        }

        if (IsBytes(typeof(T)))
        {
            return frame.IsBytes ? OfBytes<T>(frame.Data.ToArray()) : throw new JsonException("JSON came where bytes were expected.");
        }

        if (frame.IsBytes)
        {
            throw new JsonException("Bytes came where JSON was expected.");
        }

        return frame.HasData || typeof(T) != typeof(JsonElement) ? connection.Settings.Json.Read<T>(frame.HasData ? frame.Data : "null"u8) : default;
    }
}
