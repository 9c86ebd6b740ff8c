#pragma warning disable xUnit1051 // Every wait is bounded.
using System.Text;
using System.Text.Json;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Sockhop;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>A Sockhop client that asks by messages, so that all that comes back stands in one order.</summary>
internal sealed class SockhopPeer : Peer
{
    private readonly SockhopClient _client;
    private readonly IAsyncEnumerator<SockhopMessage> _messages;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool> _next;

    private SockhopPeer(SocketHost host, SockhopClient client)
        : base(host)
    {
        _client = client;
        _client.Disconnected += (_, _) => _ended.TrySetResult();
        _messages = client.ReadAllAsync().GetAsyncEnumerator();

        // What comes before somebody reads is nobody's.
        _next = _messages.MoveNextAsync().AsTask();
    }

    public static async Task<Peer> ConnectAsync(SocketHost host) => new SockhopPeer(
        host,
        await SockhopClient.ConnectAsync(new SockhopClientOptions { UnixSocketPath = host.Folder["sockhop"], HandshakeTimeout = Within.Limit }).WithinLimit());

    public override Task SendAsync(Ask ask) =>
        _client.SendAsync("Object", JsonElement.Parse(ask.Members(ask.IsAction ? "action" : "event", ask.Name).ToJsonString())).WithinLimit();

    public override ValueTask LeaveAsync() => DisposeAsync();

    public override async ValueTask DisposeAsync() => await _client.DisposeAsync();

    protected override async Task<IReadOnlyList<string>> ReadAsync(bool isVerb)
    {
        for (var seen = new List<string>(); ;)
        {
            if (await Task.WhenAny(_next, _ended.Task).WithinLimit() != _next)
            {
                // What has come can still be read.
                await _client.DisposeAsync();
            }

            if (!await _next.WithinLimit())
            {
                return [.. seen, End];
            }

            var message = _messages.Current;
            _next = _messages.MoveNextAsync().AsTask();
            if (message.Kind != SockhopMessageKind.Json)
            {
                seen.Add("file:" + Encoding.UTF8.GetString(message.Memory.Span));
                continue;
            }

            var json = Encoding.UTF8.GetString(message.Utf8Json.Span);
            if (json.StartsWith("""{"marker":true""", StringComparison.Ordinal))
            {
                return seen;
            }

            seen.Add(Envelope.Off(json, isVerb));
        }
    }
}
