using System.Text.Json.Nodes;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>A client of lines.</summary>
internal sealed class TcpPeer : Peer
{
    private readonly TcpLineClient _client;
    private int _lines;

    private TcpPeer(SocketHost host, TcpLineClient client)
        : base(host) => _client = client;

    public static async Task<Peer> ConnectAsync(SocketHost host) => new TcpPeer(host, await host.ConnectAsync());

    public override Task? SendAsync(Ask ask)
    {
        _lines++;
        if (!ask.IsAction)
        {
            return _client.LineAsync(string.Join(' ', ask.Arguments.Select(argument => argument.Value).Prepend(ask.Name)));
        }

        var parameters = ask.Members("action", ask.Name);
        parameters.Remove("action");
        return _client.LineAsync(new JsonObject { ["action"] = ask.Name, ["params"] = parameters }.ToJsonString());
    }

    public override ValueTask LeaveAsync()
    {
        _client.Reset();
        return default;
    }

    public override ValueTask DisposeAsync() => _client.DisposeAsync();

    // An action would leave its name among the params. A verb is answered before the next line is looked at.
    protected override Task SendMarkerAsync(bool isVerb)
    {
        if (!isVerb)
        {
            return base.SendMarkerAsync(isVerb);
        }

        _lines++;
        return _client.LineAsync("{");
    }

    protected override async Task<IReadOnlyList<string>> ReadAsync(bool isVerb)
    {
        var marker = isVerb ? Wire.Error(_lines, Wire.NotJson) : """{"marker":true""";
        var seen = new List<string>();
        while (true)
        {
            string line;
            try
            {
                line = await _client.ReadLineAsync();
            }
            catch (EndOfStreamException)
            {
                return [.. seen, End];
            }

            // A file ends without a line of its own.
            var at = line.IndexOf(marker, StringComparison.Ordinal);
            if (at > 0)
            {
                seen.Add("file:" + line[..at]);
            }

            if (at >= 0)
            {
                return seen;
            }

            if (line != Wire.Goodbye)
            {
                seen.Add(Envelope.Off(line, isVerb));
            }
        }
    }
}
