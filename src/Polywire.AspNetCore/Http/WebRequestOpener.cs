using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Fingerprint;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.Doors;

namespace Polywire.AspNetCore.Http;

/// <summary>The first steps of every request: default headers, client address, fingerprint, connection.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "One request".</remarks>
internal sealed class WebRequestOpener(
    DefaultHeaders headers,
    FingerprintReader fingerprints,
    TrustedProxies proxies,
    ConnectionLifetime connections,
    HttpResponseWriter writer,
    ErrorCatalog texts,
    TimeProvider time,
    IServiceProvider services)
{
    private readonly bool _hasOutputCache = services.GetService<IOutputCacheStore>() is not null;

    /// <summary>Opens a request and has it served, if the connection middleware lets it in.</summary>
    /// <exception cref="InvalidOperationException">The endpoint was not chosen by our matcher.</exception>
    public Task ServeAsync(HttpContext http, Func<WebRequest, Task> serve)
    {
        var request = Open(http);
        return connections.HasMiddleware ? ServeWelcomedAsync(request, serve) : serve(request);
    }

    private async Task ServeWelcomedAsync(WebRequest request, Func<WebRequest, Task> serve)
    {
        ActionError? refusal = null;
        try
        {
            refusal = await connections.WelcomeAsync(request.Connection, texts, request.Http.RequestAborted);
            if (refusal is null)
            {
                await serve(request);
            }
            else
            {
                await writer.WriteErrorAsync(request, refusal);
            }
        }
        finally
        {
            var reason = refusal is not null ? CloseReason.Refused
                : request.Http.RequestAborted.IsCancellationRequested && !request.Connection.IsClosedHere ? CloseReason.ClientReset
                : CloseReason.ServerClosed;
            await connections.FarewellAsync(request.Connection, reason);
        }
    }

    private WebRequest Open(HttpContext http)
    {
        var request = http.Features[typeof(WebRequest)] as WebRequest
            ?? throw new InvalidOperationException("The endpoints of Polywire can only be reached through routing.");
        headers.Apply(http.Response);
        var address = ClientAddress.Of(http, proxies);
        var cookies = new RequestCookies(http.Request.Headers.Cookie);
        string? cookie = null;
        var fingerprint = request.IsNobodys ? RandomId.Hex(20) : fingerprints.Read(http, cookies, address, out cookie);
        request.IsKept = _hasOutputCache && OutputCaching.Keeps(http);
        if (request.IsKept && cookie is not null)
        {
            // Another's session; and with a cookie the answer would not be kept.
            http.Response.Headers.SetCookie = http.Response.Headers.SetCookie.Where(set => set != cookie).ToArray();
            cookie = null;
        }

        request.Open(new HttpConnection(http, fingerprint, address, cookies, time, hasUser: !request.IsNobodys), cookie);
        return request;
    }
}
