using System.Text;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Answers;

internal sealed partial class HttpResponseWriter
{
    // Above it the search for other params of a name would be felt, and a dictionary is quicker.
    private const int FewParams = 32;
    private const int StackChars = 256;

    /// <summary>Adds what the server tells to the object that the buffer begins with, and closes it.</summary>
    private void CloseEnvelope(ResponseBuffer buffer, WebRequest request, ParamSet received, TimeSpan duration)
    {
        if (_envelope.TellsServer)
        {
            Separate(buffer);
            buffer.Write(_envelope.Server);
            buffer.Write((long)duration.TotalMilliseconds);
            buffer.Write(",\"currentTime\":"u8);
            buffer.Write(_time.GetUtcNow().ToUnixTimeMilliseconds());
            buffer.Write((byte)'}');
        }

        if (_envelope.TellsRequester && !request.IsKept)
        {
            Separate(buffer);
            buffer.Write(_envelope.Requester);
            WriteRequester(buffer, request, received);
        }

        buffer.Write((byte)'}');
    }

    private static void Separate(ResponseBuffer buffer)
    {
        if (buffer.Length > 1)
        {
            buffer.Write((byte)',');
        }
    }

    private void WriteRequester(ResponseBuffer buffer, WebRequest request, ParamSet received)
    {
        var connection = request.Connection;
        if (_envelope.IsLegacy)
        {
            WriteAscii(buffer, "{\"remoteAddress\":\""u8, connection.RemoteIP);
            buffer.Write("\",\"recievedParams\":{"u8);
        }
        else
        {
            WriteAscii(buffer, "{\"id\":\""u8, connection.Id);
            if (!request.IsNobodys)
            {
                WriteAscii(buffer, "\",\"fingerprint\":\""u8, connection.Fingerprint);
            }

            WriteAscii(buffer, "\",\"messageId\":\""u8, connection.MessageId);
            WriteAscii(buffer, "\",\"remoteIP\":\""u8, connection.RemoteIP);
            buffer.Write("\",\"receivedParams\":{"u8);
        }

        WriteReceived(buffer, received);
        buffer.Write("}}"u8);
    }

    // Ids and addresses are visible ASCII; a client's own fingerprint may have the two characters that JSON escapes.
    private static void WriteAscii(ResponseBuffer buffer, ReadOnlySpan<byte> before, string text)
    {
        buffer.Write(before);
        var rest = text.AsSpan();
        while (rest.IndexOfAny('"', '\\') is var at and >= 0)
        {
            Append(buffer, rest[..at]);
            buffer.Write((byte)'\\');
            buffer.Write((byte)rest[at]);
            rest = rest[(at + 1)..];
        }

        Append(buffer, rest);
    }

    private static void Append(ResponseBuffer buffer, ReadOnlySpan<char> ascii) =>
        buffer.Advance(Encoding.ASCII.GetBytes(ascii, buffer.GetSpan(ascii.Length)));

    private void WriteReceived(ResponseBuffer buffer, ParamSet received)
    {
        var filter = _registry.PostVariables;
        var any = false;
        if (received.Count <= FewParams)
        {
            for (var i = 0; i < received.Count; i++)
            {
                if (received.IsFirst(i))
                {
                    WriteParam(buffer, received, received.IndexOf(received.NameAt(i)), filter, ref any);
                }
            }

            return;
        }

        foreach (var index in received.DistinctIndexes())
        {
            WriteParam(buffer, received, index, filter, ref any);
        }
    }

    private static void WriteParam(ResponseBuffer buffer, ParamSet received, int index, ParamFilter? filter, ref bool any)
    {
        var name = received.NameAt(index);
        if (filter is not null && !Allows(filter, name))
        {
            return;
        }

        if (any)
        {
            buffer.Write((byte)',');
        }

        any = true;
        var writer = buffer.Writer;
        writer.Reset(buffer);
        writer.WriteStringValue(name);
        writer.Flush();
        buffer.Write((byte)':');
        var value = received.ValueAt(index);
        if (value.Kind == ParamKind.Text)
        {
            writer.Reset(buffer);
            writer.WriteStringValue(value.Bytes);
            writer.Flush();
        }
        else if (value.Bytes.IndexOfAny(" \t\r\n"u8) < 0)
        {
            buffer.Write(value.Bytes);
        }
        else
        {
            JsonIndenter.Write(value.Bytes, buffer, indent: 0);
        }
    }

    private static bool Allows(ParamFilter filter, ReadOnlySpan<byte> name)
    {
        if (name.Length > StackChars)
        {
            return filter.Allows(Encoding.UTF8.GetString(name));
        }

        Span<char> chars = stackalloc char[StackChars];
        return filter.Allows(chars[..Encoding.UTF8.GetChars(name, chars)]);
    }
}
