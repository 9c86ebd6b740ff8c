using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.WebSockets.Upgrade;

namespace Polywire.AspNetCore.Http;

/// <summary>What the request of a web connection tells; reads it each time, and as long as the request lives.</summary>
internal sealed class RequestHandshake(HttpContext http) : ConnectionHandshake
{
    public override X509Certificate2? ClientCertificate => http.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;

    public override SslProtocols TlsProtocol => http.Features.Get<ITlsHandshakeFeature>()?.Protocol ?? SslProtocols.None;

    public override string? ServerName => TlsHandshake.ServerNameOf(http.Features);

    public override string? GetHeader(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
    }

    public override string? GetQuery(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return UpgradeQuery.Find(http.Request, name);
    }
}
