using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Testing;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>An application on loopback with files in and around its public folder.</summary>
/// <remarks>Disposing stops it and fails if an error was logged.</remarks>
internal sealed class FileHost : IAsyncDisposable
{
    /// <summary>What no answer may ever contain.</summary>
    public const string Secret = "this must never be served";

    public const string Simple = "<h1>Polywire</h1>\nA flat file from simple.html<br />\n";

    public const string NotFound = "That file is not found";

    /// <summary>The last change of every file of <see cref="AddStandardFiles"/>.</summary>
    public static readonly DateTime Changed = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static readonly byte[] Big = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)(i % 251))];

    private WebApplication? _app;

    private FileHost()
    {
    }

    public FakeLogCollector Logs { get; } = new();

    /// <summary>The folder above the public one.</summary>
    public TemporaryFolder Folder { get; } = new();

    public string Public => Folder["public"];

    public Uri Address => new(_app!.Urls.First());

    public IServiceProvider Services => _app!.Services;

    public static async Task<FileHost> StartAsync(
        Action<WebOptions>? web = null, Action<PolywireOptions>? polywire = null, Action<WebApplicationBuilder, IPolywireBuilder>? more = null)
    {
        var host = new FileHost();
        host.AddStandardFiles();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = Environments.Production,
            ContentRootPath = host.Folder.Path,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(host.Logs)).SetMinimumLevel(LogLevel.Debug);
        var added = builder.AddPolywire(options =>
        {
            options.PublicDirectories.Add(host.Public);
            polywire?.Invoke(options);
        });
        builder.Services.Configure<WebOptions>(options => web?.Invoke(options));
        more?.Invoke(builder, added);
        host._app = builder.Build();
        host._app.MapPolywire();
        await host._app.StartAsync().WithinLimit();
        return host;
    }

    public Task<RawAnswer> GetAsync(string target, params string[] headers) => RawHttp.GetAsync(Address, target, headers);

    public Task<RawAnswer> SendAsync(string method, string target, params string[] headers) =>
        RawHttp.GetAsync(Address, target, headers, method);

    /// <summary>Writes a file below the folder above the public one, with <see cref="Changed"/> as its time.</summary>
    public void Write(string name, byte[] content)
    {
        var path = Folder.Write(name, content);
        File.SetLastWriteTimeUtc(path, Changed);
    }

    public void Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public void Link(string name, string target) => File.CreateSymbolicLink(Folder[name], target);

    /// <summary>Stops the host; what is still running after <paramref name="patience"/> is cut off.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await _app!.StopAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync().WithinLimit();
        }

        Folder.Dispose();
        Logs.ShouldHaveNoErrors();
    }

    private void AddStandardFiles()
    {
        Write("public/simple.html", Simple);
        Write("public/index.html", "<h1>index</h1>\n");
        Write("public/sub/testfile.txt", "in a sub folder\n");
        Write("public/sub/index.html", "<h1>sub index</h1>\n");
        Write("public/sub/deeper/leaf.txt", "a leaf\n");
        Write("public/noindex/only.txt", "only\n");
        Write("public/empty.txt", "");
        Write("public/big.bin", Big);
        Write("public/text.txt", string.Concat(Enumerable.Repeat("line\n", 400)));
        Write("public/späce name.txt", "spaced\n");
        Write("public/a+b.txt", "plus\n");
        Write("public/100%.txt", "percent\n");
        Write("public/LICENSE", "no extension\n");
        Write("public/thing.zzunknown", "odd extension\n");
        Write("public/data.json", "{\"from\":\"file\"}\n");
        Write("public/style.css", "a{}\n");
        Write("public/app.js", "var a\n");
        Write("public/image.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
        Write("public/pixel.gif", Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"));
        Write("public/UPPER.HTML", "upper\n");
        Write("public/.hidden", Secret);
        Write("public/.git/config", Secret);
        Write("public/.well-known/security.txt", "well known\n");
        Write("public/.well-known/.hidden", Secret);
        Write("outside.txt", Secret);
        Write("public-secret/leak.txt", Secret);
        Write("publicx", Secret);
        Link("public/link.txt", "../outside.txt");
        Link("public/out", "../public-secret");
        Link("public/up", "..");
        Link("public/chain", "link.txt");
        Link("public/circle", "circle");
        Link("public/inner.txt", "sub/testfile.txt");
        Link("public/innerfolder", "sub");
    }
}
