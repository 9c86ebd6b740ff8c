using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Testing;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>An application on loopback with a few actions, a public folder and whatever a test adds.</summary>
/// <remarks>Disposing stops it and fails if an error was logged that <see cref="ExpectedErrors"/> does not know.</remarks>
internal sealed class WebHost : IAsyncDisposable
{
    private WebApplication? _app;

    private WebHost()
    {
    }

    public FakeLogCollector Logs { get; } = new();

    public Func<FakeLogRecord, bool>? ExpectedErrors { get; set; }

    public TemporaryFolder Folder { get; } = new();

    public Uri Address => new(_app!.Urls.First());

    public IServiceProvider Services => _app!.Services;

    /// <summary>Starts a host.</summary>
    /// <param name="web">Changes the settings of the web server.</param>
    /// <param name="add">Adds to the application before it is built.</param>
    /// <param name="map">Adds middleware and endpoints; maps Polywire itself where it says so.</param>
    /// <param name="urls">Where it listens; null leaves that to the settings.</param>
    public static async Task<WebHost> StartAsync(
        Action<WebOptions>? web = null,
        Action<WebApplicationBuilder, IPolywireBuilder>? add = null,
        Action<WebApplication, WebHost>? map = null,
        string? urls = "http://127.0.0.1:0")
    {
        var host = new WebHost();
        try
        {
            await host.StartCoreAsync(web, add, map, urls);
            return host;
        }
        catch
        {
            host.ExpectedErrors = static _ => true;
            await host.DisposeAsync();
            throw;
        }
    }

    public Task StopAsync() => _app!.StopAsync();

    public Task<RawAnswer> GetAsync(string target, params string[] headers) => RawHttp.GetAsync(Address, target, headers);

    public Task<RawAnswer> SendAsync(string method, string target, params string[] headers) => RawHttp.GetAsync(Address, target, headers, method);

    public Task<RawAnswer> PostAsync(string target, string body, string type = "application/json", params string[] headers) =>
        RawHttp.SendAsync(
            Address,
            $"POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n{body}");

    /// <summary>Bytes as they are.</summary>
    public Task<RawAnswer> RawAsync(string bytes) => RawHttp.SendAsync(Address, bytes);

    /// <summary>What the action <c>echo</c> saw.</summary>
    public static JsonElement Json(RawAnswer answer) => JsonDocument.Parse(answer.Text).RootElement;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync().WithinLimit();
        }

        Folder.Dispose();
        Logs.ShouldHaveNoErrors(ExpectedErrors);
    }

    private async Task StartCoreAsync(
        Action<WebOptions>? web, Action<WebApplicationBuilder, IPolywireBuilder>? add, Action<WebApplication, WebHost>? map, string? urls)
    {
        Folder.Write("public/index.html", "<h1>index</h1>\n");
        Folder.Write("public/page.html", "<p>page</p>\n");
        Folder.Write("shared/note.txt", "a note\n");
        Folder.Write("shared/index.html", "shared index\n");
        Folder.Write("outside.txt", "this must never be served");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production, ContentRootPath = Folder.Path });
        if (urls is not null)
        {
            builder.WebHost.UseUrls(urls);
        }

        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(Logs)).SetMinimumLevel(LogLevel.Debug);
        var polywire = builder.AddPolywire();
        builder.Services.Configure<WebOptions>(options =>
        {
            options.MetadataOptions.ServerInformation = options.MetadataOptions.RequesterInformation = true;
            web?.Invoke(options);
        });
        MapActions(polywire);
        add?.Invoke(builder, polywire);
        _app = builder.Build();
        map?.Invoke(_app, this);
        _app.MapPolywire();
        await _app.StartAsync().WithinLimit();
    }

    private static void MapActions(IPolywireBuilder polywire)
    {
        polywire.MapDynamicAction("echo", Inputs, Echo);
        polywire.MapDynamicAction("other", _ => { }, (context, _) =>
        {
            context.Response["other"] = true;
            return Task.CompletedTask;
        });
        foreach (var version in (int[])[1, 2])
        {
            polywire.MapDynamicAction("versioned", Inputs, (context, _) =>
            {
                context.Response["version"] = version;
                return Task.CompletedTask;
            }).WithVersion(version).WithRoute(RouteMethods.Get, $"/v{version}");
        }
    }

    private static void Inputs(DynamicInputs inputs)
    {
        foreach (var name in (string[])["a", "b", "id", "path"])
        {
            inputs.Optional(name);
        }
    }

    private static Task Echo(ActionContext context, CancellationToken cancellationToken)
    {
        var http = context.Http;
        context.Response["params"] = context.Params.ToDictionary(StringComparer.Ordinal);
        context.Response["matchedRoute"] = http?.MatchedRoute?.Path;
        context.Response["extension"] = http?.Extension;
        context.Response["method"] = http?.Method;
        return Task.CompletedTask;
    }
}
