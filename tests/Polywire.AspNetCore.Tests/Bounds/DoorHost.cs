using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polywire.AspNetCore.Sockhop;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Bounds;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>An application with every door, and what is wanted to look at its bounds.</summary>
internal sealed class DoorHost : IAsyncDisposable
{
    private TestCertificate? _certificate;

    private DoorHost()
    {
    }

    public SocketHost Host { get; private set; } = null!;

    public InputBudget Budget => Host.Services.GetRequiredService<InputBudget>();

    /// <summary>Where Sockhop listens.</summary>
    public IPEndPoint Sockhop => (IPEndPoint)Host.Services.GetRequiredService<SockhopDoor>().EndPoint!;

    public static async Task<DoorHost> StartAsync(
        Action<PolywireOptions>? polywire = null,
        TimeProvider? time = null,
        bool tls = false,
        Action<SocketOptions>? socket = null,
        Action<SockhopTransportOptions>? sockhop = null,
        Action<WebSocketServerOptions>? webSocket = null,
        Action<WebOptions>? web = null,
        Under under = Under.Direct)
    {
        var doors = new DoorHost();
        if (tls)
        {
            doors._certificate = TestCertificates.SelfSigned();
        }

        doors.Host = await SocketHost.StartAsync(
            socket: options =>
            {
                socket?.Invoke(options);
                if (doors._certificate is { } certificate)
                {
                    (options.Certificate.Path, options.Certificate.KeyPath) = certificate.WriteTo(doors.Folder);
                }
            },
            polywire: polywire,
            more: (_, builder, added) =>
            {
                added.AddSockhopServer(options =>
                {
                    options.Port = 0;
                    sockhop?.Invoke(options);
                });
                builder.Services.Configure<WebSocketServerOptions>(options => webSocket?.Invoke(options));
                builder.Services.Configure<WebOptions>(options => web?.Invoke(options));
                if (time is not null)
                {
                    builder.Services.Replace(ServiceDescriptor.Singleton(time));
                }
            },
            web: under);
        return doors;
    }

    private TemporaryFolder Folder { get; } = new();

    /// <summary>Opens a client on a door.</summary>
    public async Task<DoorClient> OpenAsync(Door door) =>
        new DoorClient(door, await ConnectAsync(door));

    /// <summary>Waits for what a client cannot see.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Within.Limit)
            {
                throw new TimeoutException(what);
            }

            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _certificate?.Dispose();
        Folder.Dispose();
    }

    private async Task<TcpLineClient> ConnectAsync(Door door)
    {
        switch (door)
        {
            case Door.Socket:
                return await Host.ConnectAsync(_certificate is null ? null : TestCertificates.Trusting(_certificate));
            case Door.WebSocket:
                return (await WebSockets.WebSocketClient.ConnectAsync(Host)).Tcp;
            case Door.Web:
                return await TcpLineClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Host.Http.BaseAddress!.Port));
            default:
                return await TcpLineClient.ConnectAsync(Sockhop);
        }
    }
}
