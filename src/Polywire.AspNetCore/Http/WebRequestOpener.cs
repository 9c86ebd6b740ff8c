using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Fingerprint;
using Polywire.AspNetCore.Http.Hosts;

namespace Polywire.AspNetCore.Http;

/// <summary>The first steps of every request: default headers, client address, fingerprint, connection.</summary>
/// <remarks>Source: docs/protocol/http.md, "One request".</remarks>
internal sealed class WebRequestOpener(DefaultHeaders headers, FingerprintReader fingerprints, TrustedProxies proxies, TimeProvider time)
{
    /// <exception cref="InvalidOperationException">The endpoint was not chosen by our matcher.</exception>
    public WebRequest Open(HttpContext http)
    {
        var request = http.Features.Get<WebRequest>()
            ?? throw new InvalidOperationException("The endpoints of Polywire can only be reached through routing.");
        headers.Apply(http.Response);
        var address = ClientAddress.Of(http, proxies);
        var cookies = new RequestCookies(http.Request.Headers.Cookie);
        request.Open(new HttpConnection(http, fingerprints.Read(http, cookies, address), address, cookies, time));
        return request;
    }
}
