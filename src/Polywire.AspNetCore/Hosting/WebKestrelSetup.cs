using System.Text;
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

    // Texts of people and programs, in whatever encoding they were written: nobody is to be turned away for a letter.
    private static readonly string[] Lenient = ["Cookie", "User-Agent", "Referer", "X-File-Name", "X-SessionID"];
    private static readonly Encoding ReplacingUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestLineSize = MaxRequestLine;
        options.Limits.RequestHeadersTimeout = HeadersLimit;
        options.RequestHeaderEncodingSelector = static name => Lenient.Contains(name, StringComparer.OrdinalIgnoreCase) ? ReplacingUtf8 : null;
    }
}
