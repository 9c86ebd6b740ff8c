using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.AspNetCore.Sockets;
using Polywire.TestSupport;
using Polywire.Testing;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>A whole application on loopback: HTTP and the socket server, each on a port of its own choice, and the actions of the tests.</summary>
/// <remarks>Disposing stops it and fails if an error was logged that <see cref="ExpectedErrors"/> does not know.</remarks>
internal sealed class SocketHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private readonly TemporaryFolder _folder = new();
    private readonly Under _web;
    private TestCertificate? _webCertificate;
    private WebApplication? _app;
    private HttpClient? _http;

    private SocketHost(Under web)
    {
        _web = web;
        Directory.CreateDirectory(Public);
    }

    /// <summary>What was logged.</summary>
    public FakeLogCollector Logs { get; } = new();

    /// <summary>Tells which errors the test provokes on purpose; none by default.</summary>
    public Func<FakeLogRecord, bool>? ExpectedErrors { get; set; }

    /// <summary>The folder above the public one.</summary>
    public TemporaryFolder Folder => _folder;

    /// <summary>The folder whose files are served.</summary>
    public string Public => _folder["public"];

    public IServiceProvider Services => _app!.Services;

    /// <summary>Where the socket server listens.</summary>
    public EndPoint EndPoint => Services.GetRequiredService<SocketServer>().EndPoint!;

    public IConnections Connections => Services.GetRequiredService<IConnections>();

    public IRooms Rooms => Services.GetRequiredService<IRooms>();

    /// <summary>A client for the HTTP side.</summary>
    public HttpClient Http => _http ??= new HttpClient { BaseAddress = new Uri(_app!.Urls.First()), Timeout = Within.Limit };

    /// <summary>What a client of the HTTP side needs for TLS; null where it is plain.</summary>
    public SslClientAuthenticationOptions? WebTls => _webCertificate is null ? null : TestCertificates.Trusting(_webCertificate);

    /// <summary>Starts a host.</summary>
    /// <param name="socket">Changes the socket server's settings.</param>
    /// <param name="polywire">Changes the settings for every transport.</param>
    /// <param name="more">Adds to the application what a test needs besides.</param>
    /// <param name="map">Maps what a test needs besides, before Polywire is mapped where it has not done so.</param>
    /// <param name="web">What lies under HTTP and WebSocket; an address of the application's own, on Kestrel's transport, by default.</param>
    public static async Task<SocketHost> StartAsync(
        Action<SocketOptions>? socket = null,
        Action<PolywireOptions>? polywire = null,
        Action<SocketHost, WebApplicationBuilder, IPolywireBuilder>? more = null,
        Under web = Under.Kestrel,
        Action<WebApplication>? map = null)
    {
        var host = new SocketHost(web);
        try
        {
            await host.StartCoreAsync(socket, polywire, more, map);
            return host;
        }
        catch
        {
            // A start that fails is logged as an error, which is not the test's concern.
            host.ExpectedErrors = static _ => true;
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The gate of that name, at which the action <c>wait</c> waits.</summary>
    public Gate Gate(string name) => _gates.GetOrAdd(name, static _ => new Gate());

    /// <summary>Connects and reads the welcome.</summary>
    public async Task<TcpLineClient> ConnectAsync(SslClientAuthenticationOptions? tls = null, int? receiveBufferSize = null)
    {
        var client = await ConnectRawAsync(tls, receiveBufferSize);
        await client.ExpectAsync(Wire.Welcome);
        return client;
    }

    /// <summary>Connects.</summary>
    public Task<TcpLineClient> ConnectRawAsync(SslClientAuthenticationOptions? tls = null, int? receiveBufferSize = null) =>
        TcpLineClient.ConnectAsync(EndPoint, tls, receiveBufferSize);

    /// <summary>Begins to stop; the task completes when the host is down.</summary>
    public Task StopAsync() => _app!.StopAsync();

    /// <summary>Waits until so many connections are left.</summary>
    public Task WaitForConnectionsAsync(int count) =>
        // The log tells of every connection that has gone, after it was counted out.
        Logs.WaitForAsync(_ => Connections.Count == count, Within.Limit);

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in _gates.Values)
        {
            gate.Open();
        }

        _http?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync().WithinLimit();
        }

        _webCertificate?.Dispose();
        _folder.Dispose();
        Logs.ShouldHaveNoErrors(ExpectedErrors);
    }

    private async Task StartCoreAsync(
        Action<SocketOptions>? socket, Action<PolywireOptions>? polywire, Action<SocketHost, WebApplicationBuilder, IPolywireBuilder>? more, Action<WebApplication>? map)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        if (_web == Under.Kestrel)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }

        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(Logs)).SetMinimumLevel(LogLevel.Debug);
        var added = builder.AddPolywire(options =>
            {
                options.PublicDirectories.Add(Public);
                polywire?.Invoke(options);
            })
            .AddRooms("defaultRoom", "anotherRoom")
            .AddSocketServer(options =>
            {
                options.BindIP = "127.0.0.1";
                options.Port = 0;
                socket?.Invoke(options);
            });
        builder.Services.Configure<WebOptions>(web =>
        {
            (web.BindIP, web.Port) = ("127.0.0.1", 0);
            if (_web == Under.Tls)
            {
                _webCertificate = TestCertificates.SelfSigned();
                web.Secure = true;
                (web.Certificate.Path, web.Certificate.KeyPath) = _webCertificate.WriteTo(_folder);
            }

            // Off in production, and looked at by many tests.
            web.MetadataOptions.ServerInformation = true;
            web.MetadataOptions.RequesterInformation = true;
        });
        // A busy machine takes longer than an interval over many a test, which would then find a ping among its answers.
        builder.Services.Configure<WebSocketServerOptions>(options => options.PingInterval = TimeSpan.Zero);
        TestActions.Map(added, this);
        more?.Invoke(this, builder, added);
        _app = builder.Build();
        map?.Invoke(_app);
        _app.MapPolywire();
        await _app.StartAsync().WithinLimit();
    }
}
