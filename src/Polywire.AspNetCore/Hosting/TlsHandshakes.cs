using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Ends TLS handshakes that are under way when the host stops, which would otherwise wait for a peer that may never say a word.</summary>
internal static class TlsHandshakes
{
    // A connection of the last moment may not have come as far as its handshake.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(100);

    /// <summary>Connection middleware, to be put before TLS.</summary>
    public static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, TimeProvider time)
    {
        await using (EndWithHost(context, time))
        {
            await next(context);
        }
    }

    /// <summary>Watches for the stop of the host, whether or not the connection is one of TLS.</summary>
    /// <returns>To be disposed of when the connection is no longer its server's.</returns>
    public static CancellationTokenRegistration EndWithHost(ConnectionContext context, TimeProvider time) =>
        context.Features.Get<IConnectionLifetimeNotificationFeature>() is { ConnectionClosedRequested: { CanBeCanceled: true } stopping }
            ? stopping.UnsafeRegister(static state => _ = EndAsync(((ConnectionContext, TimeProvider))state!), (context, time))
            : default;

    private static async Task EndAsync((ConnectionContext Context, TimeProvider Time) connection)
    {
        var (context, time) = connection;
        var closed = context.ConnectionClosed;
        if (!IsShakingHands(context))
        {
            await Task.Delay(SecondLook, time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (closed.IsCancellationRequested || !IsShakingHands(context))
            {
                return;
            }
        }

        context.Abort(new ConnectionAbortedException("The host stops, and TLS had not been agreed on."));
    }

    // One that has been closed says that it is not authenticated as well; its last bytes may be on their way, and an abort would destroy them.
    private static bool IsShakingHands(ConnectionContext context)
    {
        if (context.Features.Get<ISslStreamFeature>() is not { SslStream: { IsAuthenticated: false } stream })
        {
            return false;
        }

        try
        {
            return stream.SslProtocol == SslProtocols.None;
        }
        catch (InvalidOperationException exception)
        {
            return exception is not ObjectDisposedException;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException)
        {
            // It has failed, and ends by itself.
            return false;
        }
    }
}
