#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.Tests.Http;
using Polywire.Bounds;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Bounds;

/// <summary>A body that is looked into for its action, and ended by the budget of all input before it had come whole.</summary>
public sealed class PeekedBodyTests
{
    private const int Length = 60_000;
    private const int Begun = 40_000;

    [Fact]
    public async Task IsAnsweredWith503_AndWhatIsLeftOfItRunsNothing()
    {
        var runs = 0;
        await using var host = await StartAsync(() => Interlocked.Increment(ref runs));
        var budget = host.Services.GetRequiredService<InputBudget>();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<ActionEndpointDataSource>()).First(source => source is not null)!;
        using var scope = host.Services.CreateScope();
        var body = new Pipe();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Features.Set<IRequestBodyPipeFeature>(new PipeBody(body.Reader));
        http.Response.Body = new MemoryStream();
        (http.Request.Method, http.Request.Scheme, http.Request.Host) = ("POST", "http", new HostString("localhost"));
        (http.Request.Path, http.Request.QueryString) = ("/api", new QueryString("?action=take"));
        (http.Request.ContentType, http.Request.ContentLength) = ("application/x-www-form-urlencoded", Length);

        var selected = endpoints.Select(http, out _);
        endpoints.NeedsBody(http).ShouldBeTrue();
        var choosing = endpoints.SelectByBodyAsync(http, selected).AsTask();
        await body.Writer.WriteAsync(Encoding.ASCII.GetBytes("value=" + new string('x', Begun - 6)));
        await DoorHost.UntilAsync(() => budget.ChargedBytes >= Begun, "the beginning is counted");
        var other = budget.Open(new Other());
        other.Report(Begun / 2);
        var endpoint = await choosing.WithinLimit();
        await body.Writer.WriteAsync(Encoding.ASCII.GetBytes(new string('x', Length - Begun)));
        await body.Writer.CompleteAsync();
        await endpoint.RequestDelegate!(http).WithinLimit();
        other.Close();

        http.Response.StatusCode.ShouldBe(StatusCodes.Status503ServiceUnavailable);
        runs.ShouldBe(0);
        budget.ChargedBytes.ShouldBe(0);
    }

    /// <summary>The client may see a reset instead of the answer: it sends what nobody reads any more.</summary>
    [Fact]
    public async Task RunsNothing_WhenItsClientSendsTheRest()
    {
        var runs = 0;
        await using var host = await StartAsync(() => Interlocked.Increment(ref runs));
        var budget = host.Services.GetRequiredService<InputBudget>();
        var address = new IPEndPoint(IPAddress.Loopback, host.Address.Port);
        await using var most = await TcpLineClient.ConnectAsync(address);
        await most.SendAsync(Head + "value=" + new string('x', Begun - 6));
        await DoorHost.UntilAsync(() => budget.ChargedBytes >= Begun, "the first is counted");
        await using var less = await TcpLineClient.ConnectAsync(address);
        await less.SendAsync(Head + "value=" + new string('x', Begun / 2));
        await host.Logs.WaitForAsync(entry => entry.Message.Contains("Polywire:MaxBufferedInput", StringComparison.Ordinal), Within.Limit);

        var answer = "";
        try
        {
            await most.SendAsync(new string('x', Length - Begun));
            answer = Encoding.ASCII.GetString(await most.ReadToEndAsync());
        }
        catch (IOException)
        {
            // The connection has ended.
        }

        if (answer.Length > 0)
        {
            answer.ShouldStartWith("HTTP/1.1 503 ");
        }

        runs.ShouldBe(0);
    }

    private static string Head =>
        $"POST /api?action=take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {Length}\r\n\r\n";

    // Where endpoints differ in who may run them, a body is looked into before one of them is chosen.
    private static Task<WebHost> StartAsync(Action onRun) => WebHost.StartAsync(add: (builder, polywire) =>
    {
        builder.Services.AddAuthorization();
        builder.Services.Configure<PolywireOptions>(options => (options.MaxBufferedInput, options.MessageTimeout) = (64 * 1024, TimeSpan.Zero));
        polywire.MapDynamicAction("take", inputs => inputs.Optional("value"), (_, _) =>
        {
            onRun();
            return Task.CompletedTask;
        });
    });

    private sealed class PipeBody(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }

    private sealed class Other : IInputHolder
    {
        public void EndInput(in InputEnd end)
        {
        }
    }
}
