using System.IO.Pipelines;
using System.Security.Claims;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Fingerprint;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.AspNetCore.Policies;
using Polywire.Bounds;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>The HTTP side of the WebSocket server: what is no upgrade, and the upgrade itself.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "The endpoint" and "Upgrade".</remarks>
internal sealed partial class WebSocketEndpoint(
    WebSocketServices services,
    HostFilter hosts,
    TrustedProxies proxies,
    PageOrigins pages,
    SchemeUsers schemes,
    IOptions<WebOptions> web,
    TimeProvider time,
    ILogger<WebSocketEndpoint> logger)
{
    private const string PrimusVersion = "8.0.9";
    private const string Methods = "GET, HEAD, PUT, POST, DELETE, OPTIONS";
    private const int MaxFingerprint = 256;

    // How long the application may take to decide; an upgrade that waits holds a connection.
    private static readonly TimeSpan AuthorizeLimit = TimeSpan.FromSeconds(10);

    private readonly WebSocketOrigins _origins = new(services.Options);
    private readonly PathString _spec = $"{services.Path}/spec";
    private readonly PathString _script = $"{services.Path}/primus.js";
    private readonly string _cookieKey = web.Value.FingerprintOptions.CookieKey;

    public Task InvokeAsync(HttpContext http) =>
        hosts.Refuses(http) ? hosts.RedirectAsync(http)
        : WebSocketUpgrade.Of(http) is { } upgrade ? HandleUpgradeAsync(http, upgrade)
        : HandlePlainAsync(http);

    /// <summary>Looks at a request as soon as it is known to be for this endpoint.</summary>
    public void Choose(HttpContext http) => _origins.Guard(http);

    private async Task HandleUpgradeAsync(HttpContext http, WebSocketUpgrade upgrade)
    {
        if (OriginOf(http) is { } origin && !_origins.Allows(origin))
        {
            await RefuseCrossOriginAsync(http, origin);
        }
        else if (upgrade.Check() is var (status, reason))
        {
            await RefuseAsync(http, status, reason);
        }
        else if (await IsLetInAsync(http))
        {
            await UpgradeAsync(http, upgrade);
        }
    }

    private async Task HandlePlainAsync(HttpContext http)
    {
        if (!await ShareAsync(http, OriginOf(http)))
        {
            return;
        }

        if (http.Request.Path == _spec)
        {
            await WriteSpecAsync(http);
        }
        else if (http.Request.Path == _script)
        {
            await WriteAsync(http, StatusCodes.Status404NotFound, "text/plain", "Not Found");
        }
        else if (await IsLetInAsync(http))
        {
            await AskForUpgradeAsync(http);
        }
    }

    // Several lines are none that a browser sends: put together they are no origin that the settings name.
    private static string? OriginOf(HttpContext http) => http.Request.Headers.Origin is { Count: > 0 } origin ? origin.ToString() : null;

    private async ValueTask<bool> IsLetInAsync(HttpContext http)
    {
        if (await AskAsync(http) is not { } refusal)
        {
            return true;
        }

        http.Response.AnnounceClose();
        await WriteJsonAsync(http, refusal.StatusCode, writer => writer.WriteString("error"u8, refusal.Message));
        return false;
    }

    private async Task UpgradeAsync(HttpContext http, WebSocketUpgrade upgrade)
    {
        if (services.Connections.State.IsStopping)
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, services.Connections.Texts.ServerShuttingDown);
            return;
        }

        var opening = await AuthenticateAsync(http, Open(http, upgrade));
        switch (services.TryEnter(opening.RemoteIP))
        {
            case GateAnswer.TooMany:
                await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "Too many connections");
                return;
            case GateAnswer.TooManyOfAddress:
                await RefuseAsync(http, StatusCodes.Status429TooManyRequests, "Too many connections from this address");
                return;
        }

        var isTaken = false;
        try
        {
            isTaken = await AnswerAsync(http, upgrade, opening);
        }
        finally
        {
            if (!isTaken)
            {
                services.Leave(opening.RemoteIP);
            }
        }
    }

    // Returns whether the connection goes on behind the request; else it has ended.
    private async Task<bool> AnswerAsync(HttpContext http, WebSocketUpgrade upgrade, WebSocketOpening opening)
    {
        var headers = http.Response.Headers;
        if (WebSocketHandshake.Protocol(http.Request) is { } protocol)
        {
            headers.SecWebSocketProtocol = protocol;
        }

        if (opening.Compression is { } compression)
        {
            headers.SecWebSocketExtensions = compression;
        }

        var stream = await upgrade.AcceptAsync();
        if (upgrade.TakesTransport
            && http.Features.Get<WebSocketTransfer>() is { } transfer
            && transfer.TryLeave(http.Features.Get<IConnectionTransportFeature>()?.Transport, wire => RunAsync(opening, wire, services)))
        {
            return true;
        }

        await using (stream)
        {
            var wire = new WebSocketWire(
                PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)),
                PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)),
                OutputCollects: false,
                _ => http.Abort());
            await new WebSocketConnection(opening, wire, services).RunAsync();
        }

        return false;
    }

    private static async Task RunAsync(WebSocketOpening opening, WebSocketWire wire, WebSocketServices services)
    {
        var connection = new WebSocketConnection(opening, wire, services);
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            services.Leave(connection.RemoteIP);
        }
    }

    private WebSocketOpening Open(HttpContext http, WebSocketUpgrade upgrade)
    {
        var address = ClientAddress.Of(http, proxies);
        var trusts = _origins.TrustsCookies(http.Request, pages);
        return new WebSocketOpening(
            FingerprintOf(http.Request, trusts),
            address.IP,
            address.Port,
            UpgradeQuery.Find(http.Request, "_primuscb") is not null,
            services.Options.Compression && upgrade.MayCompress ? DeflateOffer.Answer(http.Request.Headers.SecWebSocketExtensions) : null,
            http.User is ClaimsPrincipal { Identity.IsAuthenticated: true } user && (trusts || !PageOrigins.TellsOfVisitor(http)) ? user : null)
        {
            Handshake = UpgradeHandshake.Of(http, trusts, services.KeepsHandshakes || services.Connections.Lifetime.HasMiddleware),
        };
    }

    // What a browser sends by itself counts only where no foreign page can have had it sent.
    private async ValueTask<WebSocketOpening> AuthenticateAsync(HttpContext http, WebSocketOpening opening)
    {
        if (!_origins.TrustsCookies(http.Request, pages) && PageOrigins.TellsOfVisitor(http))
        {
            return opening;
        }

        var found = await schemes.FindAsync(http);
        return opening with { SchemeUsers = found, User = opening.User ?? SchemeUsers.Merge(found, found.Keys) };
    }

    // A cookie counts only where no foreign page can have sent it with the visitor's.
    private string? FingerprintOf(HttpRequest request, bool trustsCookies)
    {
        if (UpgradeQuery.Find(request, _cookieKey) is { Length: > 0 and <= MaxFingerprint } given)
        {
            return given;
        }

        return trustsCookies
            && new RequestCookies(request.Headers.Cookie).Find(_cookieKey) is { Length: > 0 and <= MaxFingerprint } cookie
                ? cookie
                : null;
    }

    private async ValueTask<WebSocketRefusal?> AskAsync(HttpContext http)
    {
        if (services.Options.Authorize is not { } authorize)
        {
            return null;
        }

        try
        {
            var answer = authorize(http);
            var refusal = answer.IsCompletedSuccessfully
                ? answer.Result
                : await answer.AsTask().WaitAsync(AuthorizeLimit, time, http.RequestAborted);
            return refusal is { StatusCode: < 400 or > 599 } ? refusal with { StatusCode = StatusCodes.Status401Unauthorized } : refusal;
        }
        catch (ActionException exception)
        {
            return new WebSocketRefusal { Message = exception.Message.Length > 0 ? exception.Message : services.Connections.Texts.Unauthorized };
        }
        catch (TimeoutException)
        {
            return new WebSocketRefusal { Message = services.Connections.Texts.Timeout, StatusCode = StatusCodes.Status503ServiceUnavailable };
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            Log.AuthorizeFailed(logger, exception);
            return new WebSocketRefusal { Message = services.Connections.Texts.InternalError, StatusCode = StatusCodes.Status500InternalServerError };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.AuthorizeFailed, LogLevel.Error, "Polywire:WebSocket:Authorize failed; the request was not let in")]
        public static partial void AuthorizeFailed(ILogger logger, Exception exception);
    }
}
