using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Testing;

namespace Polywire.AspNetCore.Tests.WebSockets;

/// <summary>What tests of a connection's life have in common: a host over whatever lies under it, and heartbeats that the test makes.</summary>
public abstract class WebSocketLifeTests(Under under)
{
    /// <summary>Between two signs of life that the server asks for, where a test wants it to.</summary>
    protected static TimeSpan Interval { get; } = TimeSpan.FromSeconds(8);

    /// <summary>Lets intervals go by, in the steps in which connections take turns.</summary>
    protected static void AdvanceIntervals(ManualTimeProvider time, int count = 1)
    {
        for (var i = 0; i < 8 * count; i++)
        {
            time.Advance(Interval / 8);
        }
    }

    private protected Task<SocketHost> StartAsync(
        Action<WebSocketServerOptions>? configure = null,
        TimeProvider? time = null,
        Action<PolywireOptions>? polywire = null,
        Action<SocketHost, WebApplicationBuilder, IPolywireBuilder>? more = null) =>
        SocketHost.StartAsync(
            polywire: polywire,
            more: (host, builder, added) =>
            {
                builder.Services.Configure<WebSocketServerOptions>(options => configure?.Invoke(options));
                if (time is not null)
                {
                    builder.Services.Replace(ServiceDescriptor.Singleton(time));
                }

                more?.Invoke(host, builder, added);
            },
            web: under);
}
