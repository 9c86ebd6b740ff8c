using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Polywire.Load;

/// <summary>
/// The least that a C# programmer would write by hand: a Kestrel connection handler that reads a JSON line, finds its
/// messageId and writes a JSON line back. No actions, sessions, rooms or limits, so a limit to compare with, not a rival.
/// </summary>
internal static class BareServer
{
    public static async Task RunAsync(int port, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.UseConnectionHandler<Handler>()));
        await using var app = builder.Build();
        await app.StartAsync(stop);
        await Console.Out.WriteLineAsync($"bare server on port {port}, pid {Environment.ProcessId}");
        await app.WaitForShutdownAsync(stop);
    }

    private sealed class Handler : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            var (input, output) = (connection.Transport.Input, connection.Transport.Output);
            await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
            try
            {
                while (true)
                {
                    var result = await input.ReadAsync(connection.ConnectionClosed);
                    var rest = result.Buffer;
                    while (TryReadLine(ref rest, out var line))
                    {
                        Answer(line, json);
                        output.Write("\r\n"u8);
                    }

                    input.AdvanceTo(rest.Start, rest.End);
                    await output.FlushAsync(connection.ConnectionClosed);
                    if (result.IsCompleted)
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ConnectionResetException)
            {
                // The client is gone.
            }
        }

        private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
        {
            var reader = new SequenceReader<byte>(buffer);
            if (!reader.TryReadTo(out line, (byte)'\n'))
            {
                return false;
            }

            buffer = buffer.Slice(reader.Position);
            return true;
        }

        private static void Answer(in ReadOnlySequence<byte> line, Utf8JsonWriter json)
        {
            var id = 0L;
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("messageId"u8) && reader.Read())
                {
                    id = reader.GetInt64();
                }
            }

            json.WriteStartObject();
            json.WriteNumber("randomNumber"u8, Random.Shared.NextDouble());
            json.WriteString("context"u8, "response"u8);
            json.WriteNumber("messageId"u8, id);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
        }
    }
}
