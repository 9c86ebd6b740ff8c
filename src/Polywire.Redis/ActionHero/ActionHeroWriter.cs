using System.Buffers;
using System.Text.Json;

namespace Polywire.Redis.ActionHero;

/// <summary>Writes messages as ActionHero's nodes do, in the name of this one. Immutable.</summary>
/// <param name="serverId">The id of this node.</param>
/// <param name="serverToken">What ActionHero's nodes know each other by.</param>
internal sealed class ActionHeroWriter(string serverId, string serverToken)
{
    /// <summary>A word that was said, out of what clients get. Members that middleware added do not fit, and are left out.</summary>
    /// <param name="room">The room.</param>
    /// <param name="said">The message as JSON.</param>
    public ReadOnlyMemory<byte> Chat(string room, ReadOnlySpan<byte> said)
    {
        var message = JsonElement.Parse(said, ActionHeroMessage.Options);
        return Write(writer =>
        {
            writer.WriteString("messageType"u8, ActionHeroMessage.Chat);
            writer.WriteString("serverToken"u8, serverToken);
            writer.WriteString("serverId"u8, serverId);
            Copy(writer, "message"u8, message);
            Copy(writer, "sentAt"u8, message);
            writer.WriteStartObject("connection"u8);
            writer.WritePropertyName("id"u8);
            if (message.TryGetProperty("from"u8, out var from))
            {
                writer.WriteRawValue(from.GetRawText(), skipInputValidation: true);
            }
            else
            {
                writer.WriteNumberValue(0);
            }

            writer.WriteString("room"u8, room);
            writer.WriteEndObject();

            // Ignored by ActionHero; by it a node of ours sees that it has heard the word already.
            writer.WriteNumber("polywire"u8, 1);
        });
    }

    /// <summary>A method that is to be carried out.</summary>
    /// <param name="messageId">What the answer is matched by.</param>
    /// <param name="method">With its namespace.</param>
    /// <param name="connectionId">Whose node is to carry it out; null for all.</param>
    /// <param name="args">Its arguments.</param>
    public ReadOnlyMemory<byte> Do(string messageId, string method, string? connectionId, params ReadOnlySpan<string> args)
    {
        string[] all = [.. args];
        return Write(writer =>
        {
            writer.WriteString("messageType"u8, ActionHeroMessage.Do);
            writer.WriteString("serverId"u8, serverId);
            writer.WriteString("serverToken"u8, serverToken);
            writer.WriteString("messageId"u8, messageId);
            writer.WriteString("method"u8, method);
            if (connectionId is not null)
            {
                writer.WriteString("connectionId"u8, connectionId);
            }

            writer.WriteStartArray("args"u8);
            foreach (var argument in all)
            {
                writer.WriteStringValue(argument);
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>That a method was carried out.</summary>
    public ReadOnlyMemory<byte> Done(string messageId) => Write(writer =>
    {
        writer.WriteString("messageType"u8, ActionHeroMessage.DoResponse);
        writer.WriteString("serverId"u8, serverId);
        writer.WriteString("serverToken"u8, serverToken);
        writer.WriteString("messageId"u8, messageId);
        writer.WriteBoolean("response"u8, true);
    });

    /// <summary>A word from ActionHero as clients get it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="chat">With a message.</param>
    /// <param name="now">When it was said, where it does not tell.</param>
    public static ReadOnlyMemory<byte> Said(string room, ActionHeroMessage chat, DateTimeOffset now) => Write(writer =>
    {
        writer.WritePropertyName("message"u8);
        if (chat.Message.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteRawValue(chat.Message.GetRawText(), skipInputValidation: true);
        }

        writer.WriteString("room"u8, room);
        if (chat.From.ValueKind == JsonValueKind.String)
        {
            writer.WritePropertyName("from"u8);
            writer.WriteRawValue(chat.From.GetRawText(), skipInputValidation: true);
        }
        else
        {
            writer.WriteNumber("from"u8, 0);
        }

        writer.WriteString("context"u8, "user"u8);
        writer.WriteNumber("sentAt"u8, chat.SentAt ?? now.ToUnixTimeMilliseconds());
    });

    private static void Copy(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement from)
    {
        if (from.TryGetProperty(name, out var value))
        {
            writer.WritePropertyName(name);

            // As it was written: half a character in an escape cannot be written again.
            writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
