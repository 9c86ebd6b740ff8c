using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Polywire.AspNetCore.WebSockets.Frames;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>The wish of a request to leave HTTP, as its version of HTTP has it.</summary>
internal abstract class WebSocketUpgrade
{
    /// <summary>Finds out whether a request wants to leave HTTP, for whatever protocol.</summary>
    /// <returns>Null for a request that wants an ordinary answer.</returns>
    public static WebSocketUpgrade? Of(HttpContext http)
    {
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            return new ExtendedConnect(http, connect);
        }

        if (!WebSocketHandshake.WantsUpgrade(http.Request))
        {
            return null;
        }

        return http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            && http.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true } sockets
                ? new MessageUpgrade(http, sockets)
                : new Http1Upgrade(http);
    }

    /// <summary>Whether the protocol that is wished for is WebSocket.</summary>
    public abstract bool IsWebSocket { get; }

    /// <summary>Whether the transport serves nothing else from now on, so that the connection may be taken over from HTTP.</summary>
    public abstract bool TakesTransport { get; }

    /// <summary>Whether what the two sides agree on may compress messages.</summary>
    public virtual bool MayCompress => true;

    /// <summary>Checks the opening handshake.</summary>
    /// <returns>Null, or the status and the reason to refuse it with.</returns>
    public abstract (int Status, string Reason)? Check();

    /// <summary>Answers the request; other headers of the answer are set by then.</summary>
    /// <returns>What follows it, in both directions.</returns>
    public abstract ValueTask<Stream> AcceptAsync();

    /// <summary>RFC 6455, section 4: an upgrade of HTTP/1.1.</summary>
    private sealed class Http1Upgrade(HttpContext http) : WebSocketUpgrade
    {
        public override bool IsWebSocket => WebSocketHandshake.HasToken(http.Request.Headers.Upgrade, "websocket");

        public override bool TakesTransport => true;

        public override (int Status, string Reason)? Check()
        {
            var request = http.Request;
            if (!HttpMethods.IsGet(request.Method))
            {
                return (StatusCodes.Status405MethodNotAllowed, "Only GET can be upgraded");
            }

            if (!IsWebSocket)
            {
                return (StatusCodes.Status400BadRequest, "Upgrade is not websocket");
            }

            if (request.Headers.SecWebSocketKey is not [{ } key] || !WebSocketHandshake.IsKey(key))
            {
                return (StatusCodes.Status400BadRequest, "Sec-WebSocket-Key is missing or wrong");
            }

            if (WebSocketHandshake.Check(request) is { } refusal)
            {
                return refusal;
            }

            return http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
                ? null
                : (StatusCodes.Status400BadRequest, "A request with a body can not be upgraded");
        }

        public override async ValueTask<Stream> AcceptAsync()
        {
            http.Response.Headers.Upgrade = "websocket";
            http.Response.Headers.SecWebSocketAccept = WebSocketHandshake.Accept(http.Request.Headers.SecWebSocketKey!);
            return await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        }
    }

    /// <summary>A server that hands out messages and not bytes, as ASP.NET Core's for tests does.</summary>
    private sealed class MessageUpgrade(HttpContext http, IHttpWebSocketFeature sockets) : WebSocketUpgrade
    {
        public override bool IsWebSocket => true;

        public override bool TakesTransport => false;

        public override bool MayCompress => false;

        public override (int Status, string Reason)? Check() => WebSocketHandshake.Check(http.Request);

        public override async ValueTask<Stream> AcceptAsync() =>
            MessageStream.Open(await sockets.AcceptAsync(new WebSocketAcceptContext { SubProtocol = WebSocketHandshake.Protocol(http.Request) }));
    }

    /// <summary>RFC 8441: a stream of HTTP/2, beside others on its connection. Browsers choose it where a page came over HTTP/2.</summary>
    private sealed class ExtendedConnect(HttpContext http, IHttpExtendedConnectFeature connect) : WebSocketUpgrade
    {
        public override bool IsWebSocket => string.Equals(connect.Protocol, "websocket", StringComparison.OrdinalIgnoreCase);

        public override bool TakesTransport => false;

        public override (int Status, string Reason)? Check() =>
            IsWebSocket ? WebSocketHandshake.Check(http.Request) : (StatusCodes.Status400BadRequest, ":protocol is not websocket");

        public override ValueTask<Stream> AcceptAsync() => connect.AcceptAsync();
    }
}
