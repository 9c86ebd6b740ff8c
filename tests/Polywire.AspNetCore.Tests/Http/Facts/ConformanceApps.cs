extern alias conformance;
using System.Collections.Concurrent;
using conformance::Polywire.ConformanceApp;
using Microsoft.AspNetCore.Builder;
using Polywire.TestSupport;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Facts;

/// <summary>The app of the outside suites, once for each set of settings, in this process.</summary>
public sealed class ConformanceApps : IAsyncLifetime
{
    private const string Pixel = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

    private static readonly DateTime Changed = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<WebApplication>>> _apps = [];

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        foreach (var (name, text) in ((string, string)[])[
            ("public/simple.html", "<h1>Polywire</h1>\nA flat file from simple.html<br />\n"), ("public/index.html", "<h1>index</h1>\n"),
            ("public/sub/testfile.txt", "in a sub folder\n"), ("public/sub/index.html", "<h1>sub index</h1>\n"), ("public/empty.txt", ""),
            ("public/späce name.txt", "spaced\n"), ("public/LICENSE", "no extension\n"), ("outside.txt", "this must never be served\n"),
            ("public-secret/leak.txt", "this must never be served\n"), ("public/big.bin", new string('b', 5 * 1024 * 1024))])
        {
            File.SetLastWriteTimeUtc(_folder.Write(name, text), Changed);
        }

        File.SetLastWriteTimeUtc(_folder.Write("public/pixel.gif", Convert.FromBase64String(Pixel)), Changed);
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps.Values)
        {
            await (await app.Value).DisposeAsync();
        }

        _folder.Dispose();
    }

    internal async Task<Uri> StartAsync(string settings) =>
        new((await _apps.GetOrAdd(settings, key => new Lazy<Task<WebApplication>>(() => StartCoreAsync(key))).Value).Urls.First());

    private async Task<WebApplication> StartCoreAsync(string settings)
    {
        var variables = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        variables["PORT"] = variables["TCP_PORT"] = variables["SOCKHOP_PORT"] = "0";
        variables["PUBLIC_DIR"] = _folder["public"];
        var app = ConformanceHost.Build(Settings.Read(variables.GetValueOrDefault), []);
        await app.StartAsync().WithinLimit();
        return app;
    }
}
