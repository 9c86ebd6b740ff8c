using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Polywire.AspNetCore.Http.Fingerprint;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.Outbound;

namespace Polywire.AspNetCore.Http;

/// <summary>The connection of one web request.</summary>
internal sealed class HttpConnection : Connection
{
    private readonly HttpContext _http;
    private readonly ClientAddress _address;

    public HttpConnection(
        HttpContext http, string fingerprint, in ClientAddress address, RequestCookies cookies, TimeProvider time, bool hasUser = true)
        : this(http, fingerprint, RandomId.Uuid(), address, cookies, time, hasUser)
    {
    }

    private HttpConnection(
        HttpContext http, string fingerprint, string messageId, in ClientAddress address, RequestCookies cookies, TimeProvider time, bool hasUser)
        : base($"{fingerprint}-{messageId}", fingerprint, Transports.Web, time)
    {
        _http = http;
        _address = address;
        MessageId = messageId;
        Cookies = cookies;

        // The property of the request makes somebody where there is nobody. By index: a generic call through the interface is slow to find.
        if (hasUser && http.Features[typeof(IHttpAuthenticationFeature)] is IHttpAuthenticationFeature { User: { Identity.IsAuthenticated: true } user })
        {
            User = user;
        }
    }

    public string MessageId { get; }

    public RequestCookies Cookies { get; }

    public override string RemoteIP => _address.IP;

    public override int RemotePort => _address.Port;

    public override ConnectionHandshake Handshake => new RequestHandshake(_http);

    public override ValueTask SendAsync<T>(T message, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A web connection lives for one request and cannot be sent to: put the message into the answer.");

    public override Delivery TrySend<T>(T message) => Delivery.Refused;

    /// <summary>Whether the application closed it, which aborts the request as the client's going does.</summary>
    public bool IsClosedHere { get; private set; }

    public override ValueTask CloseAsync()
    {
        IsClosedHere = true;
        _http.Abort();
        return default;
    }

    /// <summary>Tells the runs that the client has gone.</summary>
    public void OnGone() => Abandon();

    // Web connections are in no room (core.md 6.1, canChat).
    protected override Delivery Deliver(in OutboundEntry entry) => Delivery.Refused;
}
