using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Limits of the server; what the application sets itself comes later and wins.</summary>
internal sealed class WebKestrelSetup : IConfigureOptions<KestrelServerOptions>
{
    // Clients of the original send up to 16 KiB of query; Kestrel's default is half of it.
    private const int MaxRequestLine = 16 * 1024;

    // Of a request, an upgrade among them; a peer that takes longer only holds a connection.
    private static readonly TimeSpan HeadersLimit = TimeSpan.FromSeconds(10);

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestLineSize = MaxRequestLine;
        options.Limits.RequestHeadersTimeout = HeadersLimit;
    }
}
