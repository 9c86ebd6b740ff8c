using System.Text.Encodings.Web;
using System.Text.Json;

namespace PeerUnderTest;

/// <summary>Writes events to the standard output, one line each.</summary>
internal static class Output
{
    private static readonly Lock Gate = new();
    private static readonly Stream Stream = Console.OpenStandardOutput();
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    public static void Write(Event line)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            Write(writer, line);
        }

        bytes.WriteByte((byte)'\n');
        lock (Gate)
        {
            Stream.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
            Stream.Flush();
        }
    }

    public static void Crash(Exception exception)
    {
        Write(new Event("crash") { ["message"] = exception.ToString() });
        Environment.Exit(1);
    }

    private static void Write(Utf8JsonWriter writer, Dictionary<string, object?> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                continue;
            }

            writer.WritePropertyName(name);
            switch (value)
            {
                case string text:
                    writer.WriteStringValue(text);
                    break;
                case bool flag:
                    writer.WriteBooleanValue(flag);
                    break;
                case JsonElement json:
                    json.WriteTo(writer);
                    break;
                case Dictionary<string, object?> inner:
                    Write(writer, inner);
                    break;
                default:
                    writer.WriteNumberValue(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                    break;
            }
        }

        writer.WriteEndObject();
    }
}
