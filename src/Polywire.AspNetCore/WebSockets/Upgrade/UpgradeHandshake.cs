using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Polywire.AspNetCore.Hosting;
using Polywire.AspNetCore.Http.Hosts;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>What a client told in the upgrade of its WebSocket, whose request is over by the time anybody asks.</summary>
/// <remarks>Headers are the server's strings, and only the table of them is copied. Never changes.</remarks>
internal sealed class UpgradeHandshake : TlsHandshake
{
    private static readonly UpgradeHandshake Nothing = new(null, SslProtocols.None, null, null, null);

    private readonly KeyValuePair<string, StringValues>[]? _headers;
    private readonly string? _query;

    private UpgradeHandshake(
        X509Certificate2? certificate, SslProtocols protocol, string? serverName, KeyValuePair<string, StringValues>[]? headers, string? query)
        : base(certificate, protocol, serverName) => (_headers, _query) = (headers, query);

    /// <summary>Reads it off a request.</summary>
    /// <param name="http">The upgrade.</param>
    /// <param name="hasVisitor">Whether what a browser says of its visitor counts.</param>
    /// <param name="hasRequest">Whether headers and query are kept.</param>
    public static UpgradeHandshake Of(HttpContext http, bool hasVisitor, bool hasRequest)
    {
        var (certificate, protocol, serverName) = Read(http.Features, hasVisitor);
        var whole = new UpgradeHandshake(
            certificate,
            protocol,
            serverName,
            hasRequest ? [.. http.Request.Headers.Where(header => hasVisitor || !IsOfVisitor(header))] : null,
            hasRequest ? http.Request.QueryString.Value ?? "" : null);
        return hasRequest ? whole : whole.Release();
    }

    public override string? GetHeader(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var (key, value) in _headers ?? throw NotKept())
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value.ToString();
            }
        }

        return null;
    }

    public override string? GetQuery(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return UpgradeQuery.Find(_query ?? throw NotKept(), name);
    }

    /// <summary>What is left without headers and query.</summary>
    public UpgradeHandshake Release() =>
        TlsProtocol == SslProtocols.None && ClientCertificate is null
            ? Nothing
            : new UpgradeHandshake(ClientCertificate, TlsProtocol, ServerName, null, null);

    private static bool IsOfVisitor(in KeyValuePair<string, StringValues> header) =>
        header.Key.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || (header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && PageOrigins.IsAmbient(header.Value.ToString()));

    private static InvalidOperationException NotKept() =>
        new("Headers and query of an upgrade are let go when OnConnectedAsync has ended. Keep what is needed in connection.Items, " +
            "or set Polywire:WebSocket:KeepHandshake to keep them with every connection.");
}
