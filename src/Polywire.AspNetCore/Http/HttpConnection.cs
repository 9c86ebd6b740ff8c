using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http;

/// <summary>The connection of one web request.</summary>
internal sealed class HttpConnection : Connection
{
    private readonly HttpContext _http;

    public HttpConnection(HttpContext http, TimeProvider time)
        : this(http, Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString(), time)
    {
    }

    private HttpConnection(HttpContext http, string fingerprint, string messageId, TimeProvider time)
        : base($"{fingerprint}-{messageId}", fingerprint, Transports.Web, time)
    {
        _http = http;
        MessageId = messageId;
        if (http.User is ClaimsPrincipal { Identity.IsAuthenticated: true } user)
        {
            User = user;
        }
    }

    public string MessageId { get; }

    public override string RemoteIP =>
        _http.Connection.RemoteIpAddress is { } address
            ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
            : "unix";

    public override int RemotePort => _http.Connection.RemotePort;

    public override ValueTask SendAsync<T>(T message, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A web connection lives for one request and cannot be sent to: put the message into the answer.");

    public override ValueTask CloseAsync()
    {
        _http.Abort();
        return default;
    }

    internal override void Deliver(BroadcastMessage message)
    {
        // Web connections are in no room (core.md 6.1, canChat).
    }
}
