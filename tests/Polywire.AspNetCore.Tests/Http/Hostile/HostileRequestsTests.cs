#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Hostile;

/// <summary>Whatever is sent, the answer is a plain one, nothing gets out, and the next request is served.</summary>
public sealed class HostileRequestsTests(HostileRequestsTests.Shared shared) : IClassFixture<HostileRequestsTests.Shared>
{
    internal const int MaxBodySize = 1 << 20;
    internal const int MaxFileSize = 2 << 20;
    private static readonly string[] NeverSent = ["this must never be served", "root:x:", "   at Polywire.", "   at System.", "Exception:"];
    private static readonly string[] NeverAmongHeaders = ["X-Evil", "x=1", "<script"];

    /// <summary>Every request.</summary>
    public static TheoryData<HostileRequest> Requests => [.. Everything];

    internal static HostileRequest[] Everything { get; } = [.. HostilePaths.All, .. HostileHeads.All, .. HostileBodies.All, .. HostileParams.All];

    [Fact]
    public void AreMany()
    {
        Everything.Length.ShouldBeGreaterThan(400);
        Everything.Select(request => request.Name).ShouldBeUnique();
    }

    [Theory, MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task AreAnsweredPlainly(HostileRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var answer = await SendAsync(shared.Host, request);

        StatusOf(answer).ShouldBeOneOf(request.Statuses);
        ShouldTellNothing(answer);
        (await shared.Host.GetAsync("/api/other")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task LeaveNoUploadBehind_WhenTheClientGoes()
    {
        using var uploads = new TemporaryFolder();
        await using var host = await WebHost.StartAsync(web => web.FormOptions.UploadDirectory = uploads.Path);
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, host.Address.Port).WaitAsync(Within.Limit);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: 1000000\r\n\r\n--XX\r\nContent-Disposition: form-data; name=\"b\"; filename=\"x\"\r\n\r\n{new string('x', 100_000)}"));
            client.LingerState = new LingerOption(true, 0);
        }

        await host.StopAsync();

        Directory.GetFiles(uploads.Path).ShouldBeEmpty();
    }

    private static int StatusOf(string answer) => answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3)) : 0;

    private static void ShouldTellNothing(string answer)
    {
        foreach (var text in NeverSent)
        {
            answer.ShouldNotContain(text, Case.Sensitive);
        }

        var head = answer.Split("\r\n\r\n")[0];
        foreach (var text in NeverAmongHeaders)
        {
            head.ShouldNotContain(text);
        }
    }

    internal static async Task<string> SendAsync(WebHost host, HostileRequest request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port).WaitAsync(Within.Limit);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        var reading = ReadAsync(stream, answer);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Bytes)).AsTask().WithinLimit();
            if (request.Statuses.Contains(0))
            {
                // The server may be waiting for more. Otherwise the client stays: one that ends its side is taken for gone.
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The server has answered and closed before all was sent.
        }

        await reading.WithinLimit();
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    private static async Task ReadAsync(NetworkStream stream, MemoryStream answer)
    {
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // A reset after the answer.
        }
    }

    /// <summary>One host with low limits and a route whose pattern can be made to run on.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private readonly TemporaryFolder _uploads = new();
        private WebHost? _host;

        internal WebHost Host => _host!;

        internal string Uploads => _uploads.Path;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            _host = await WebHost.StartAsync(
                web =>
                {
                    web.MaxBodySize = MaxBodySize;
                    web.FormOptions.MaxFieldsSize = MaxBodySize;
                    web.FormOptions.MaxFileSize = MaxFileSize;
                    web.FormOptions.UploadDirectory = _uploads.Path;
                },
                (builder, polywire) =>
                {
                    // Logs are kept by the fixture, and there would be much of them.
                    builder.Logging.SetMinimumLevel(LogLevel.Warning);
                    polywire.AddRoutes(routes => routes
                    .Get("/users/:id", "echo")
                    .Get("/slow/:id(^(([a-z])+.)+[A-Z]([a-z])+$)", "echo")
                    .Folder(RouteMethods.Get, "/notes", "shared"));
                });
            _host.Folder.Write("public-secret/leak.txt", "this must never be served");
            _host.Folder.Write("public/.hidden", "this must never be served");
            _host.Folder.Write("public/.git/config", "this must never be served");
            File.CreateSymbolicLink(_host.Folder["public/link.txt"], _host.Folder["outside.txt"]);
            File.CreateSymbolicLink(_host.Folder["shared/link.txt"], _host.Folder["outside.txt"]);
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            _uploads.Dispose();
        }
    }
}
