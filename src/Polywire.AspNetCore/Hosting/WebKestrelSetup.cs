using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Limits of the server; what the application sets itself comes later and wins.</summary>
internal sealed class WebKestrelSetup : IConfigureOptions<KestrelServerOptions>
{
    // Clients of the original send up to 16 KiB of query; Kestrel's default is half of it.
    private const int MaxRequestLine = 16 * 1024;

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestLineSize = MaxRequestLine;
    }
}
