using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>A client at one door, which tells what it sees in words that all doors share.</summary>
internal abstract class Peer(SocketHost host) : IAsyncDisposable
{
    public const string Tcp = "tcp";
    public const string WebSocket = "websocket";
    public const string Sockhop = "sockhop";
    public const string Inside = "inside";

    /// <summary>The end of the connection, whatever was sent for a goodbye.</summary>
    public const string End = "end";

    /// <summary>What a door does not have.</summary>
    public const string Nothing = "not here";

    /// <summary>An action that ends when everything that was asked before it has been answered.</summary>
    protected static readonly Ask Marker = Ask.Action("marker");

    /// <summary>All doors.</summary>
    public static IReadOnlyList<string> Doors { get; } = [Tcp, WebSocket, Sockhop, Inside];

    protected SocketHost Host => host;

    /// <summary>The connection as the application sees it.</summary>
    public Connection Connection { get; private set; } = null!;

    /// <summary>Maps what peers need.</summary>
    public static void Map(SocketHost host, IPolywireBuilder polywire)
    {
        polywire.AddSockhopServer(sockhop => sockhop.UnixSocketPath = host.Folder["sockhop"]);
        polywire.MapDynamicAction(Marker.Name, _ => { }, async (context, _) =>
        {
            await Until.TrueAsync(() => context.Connection.PendingActions == 1);
            context.Response["marker"] = true;
        });
    }

    /// <summary>Connects; there is no other connection to the host.</summary>
    public static async Task<Peer> OpenAsync(SocketHost host, string door)
    {
        await host.WaitForConnectionsAsync(0);
        Peer peer = door switch
        {
            Tcp => await TcpPeer.ConnectAsync(host),
            WebSocket => await WebSocketPeer.ConnectAsync(host),
            Sockhop => await SockhopPeer.ConnectAsync(host),
            _ => await InsidePeer.ConnectAsync(host),
        };
        await host.WaitForConnectionsAsync(1);
        peer.Connection = host.Connections.All.ShouldHaveSingleItem();
        return peer;
    }

    /// <summary>Sends a request; null where the door has no words for it.</summary>
    public abstract Task? SendAsync(Ask ask);

    /// <summary>Sends what is answered when everything before it has been answered.</summary>
    protected virtual Task SendMarkerAsync(bool isVerb) => SendAsync(Marker)!;

    /// <summary>Reads everything that comes before the marker's answer, or before the end.</summary>
    protected abstract Task<IReadOnlyList<string>> ReadAsync(bool isVerb);

    /// <summary>Asks something, and tells what is seen of it.</summary>
    public virtual async Task<string> SeeAsync(Ask ask)
    {
        if (SendAsync(ask) is not { } sending)
        {
            return Nothing;
        }

        await sending;
        if (!ask.Ends)
        {
            await SendMarkerAsync(!ask.IsAction);
        }

        return Tell(await ReadAsync(!ask.IsAction));
    }

    /// <summary>Goes without a word.</summary>
    public abstract ValueTask LeaveAsync();

    public abstract ValueTask DisposeAsync();

    protected string Tell(IEnumerable<string> seen)
    {
        var registry = host.Services.GetRequiredService<ActionRegistry>();
        return string.Join(" | ", seen.Select(one => Envelope.Settle(one, Connection.Id, registry.Documentation)));
    }
}
