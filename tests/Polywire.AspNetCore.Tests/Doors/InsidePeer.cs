#pragma warning disable xUnit1051 // Every wait is bounded.
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Pipeline;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>A connection inside the process, as tests of applications have it.</summary>
internal sealed class InsidePeer : Peer
{
    private readonly InProcessConnection _connection;
    private readonly ConnectionServices _services;

    private InsidePeer(SocketHost host, InProcessConnection connection)
        : base(host) => (_connection, _services) = (connection, connection.Services);

    public static async Task<Peer> ConnectAsync(SocketHost host) =>
        new InsidePeer(host, await InProcessConnection.OpenAsync(host.Services.GetRequiredService<ConnectionServices>(), null, default));

    public override Task? SendAsync(Ask ask) => ask.IsAction ? RunAsync(ask) : Perform(ask);

    public override async Task<string> SeeAsync(Ask ask)
    {
        if ((ask.IsAction ? RunAsync(ask) : Perform(ask)) is not { } answer)
        {
            return Nothing;
        }

        var last = await answer.WithinLimit();
        var seen = new List<string>();
        while (_connection.Messages.TryRead(out var message))
        {
            seen.Add(Envelope.Off(message.GetRawText(), isVerb: false));
        }

        return Tell(last is null ? seen : [.. seen, last]);
    }

    public override ValueTask LeaveAsync() => DisposeAsync();

    public override async ValueTask DisposeAsync() => await _connection.CloseAsync(CloseReason.ClientClosed);

    protected override Task<IReadOnlyList<string>> ReadAsync(bool isVerb) => throw new NotSupportedException();

    // A connection in the process is closed by who has it, and files are where they are.
    private Task<string?>? Perform(Ask ask)
    {
        var verb = VerbTable.Find(ask.Name);
        if (verb is Verb.None or Verb.Quit or Verb.Exit or Verb.File)
        {
            return null;
        }

        var work = _services.Verbs.RunAsync(verb, _connection, new VerbArguments
        {
            Key = Encoding.UTF8.GetBytes(ask["key"] ?? ""),
            Value = Encoding.UTF8.GetBytes(ask["value"] ?? ""),
            HasValue = ask["value"] is not null,
            Room = ask["room"] ?? "",
            Words = ask["message"] ?? "",
        }).AsTask();
        return TellAsync();

        async Task<string?> TellAsync()
        {
            var reply = await work;
            if (reply.Error is not null)
            {
                return "error:" + reply.Error;
            }

            if (reply.Data is null)
            {
                return "ok:null";
            }

            using var buffer = ResponseBuffer.Rent();
            reply.Data(buffer.Writer, reply.State);
            buffer.Writer.Flush();
            return "ok:" + Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
    }

    private async Task<string?> RunAsync(Ask ask)
    {
        var input = ask.Members("action", ask.Name);
        input.Remove("action");
        var (json, registry) = (Host.Services.GetRequiredService<PolywireJson>(), Host.Services.GetRequiredService<ActionRegistry>());
        try
        {
            var answer = await ActionRunner.RunAsync<JsonElement>(_connection, ask.Name, input, json, registry);
            return answer.ValueKind == JsonValueKind.Undefined ? null : Envelope.Off(answer.GetRawText(), isVerb: false);
        }
        catch (ActionException exception)
        {
            return "error:" + (exception.Value is null ? exception.Message : JsonSerializer.Serialize(exception.Value, json.GetTypeInfo(exception.Value.GetType())));
        }
        catch (InvalidOperationException exception)
        {
            return "thrown:" + exception.Message;
        }
    }
}
