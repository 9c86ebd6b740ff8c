using System.Buffers;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Hosting;
using Polywire.Hosting;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.Http;

/// <summary>Stops the start on a bad setting of the web server.</summary>
internal sealed class WebOptionsValidator(IConfiguration configuration) : IValidateOptions<WebOptions>
{
    private const string Section = "Polywire:Web";
    private static readonly string[] QueryParseNames = ["delimiter", "parameterLimit", "depth", "arrayLimit", "allowDots", "comma"];

    // Header and cookie names are tokens (RFC 9110, 5.6.2).
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> NotInPaths = SearchValues.Create("?#\\{} ");

    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var check = new OptionsCheck(Section);
        CheckAddress(check, options);
        CheckPaths(check, options);
        CheckHeaders(check, options);
        CheckParams(check, options);
        return check
            .Between(nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 0, int.MaxValue)
            .Between(nameof(options.RouteTimeout), options.RouteTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10))
            .Between(nameof(options.FlatFileCacheDuration), options.FlatFileCacheDuration, TimeSpan.Zero, TimeSpan.FromDays(3650))
            .Between(nameof(options.Padding), options.Padding ?? 0, 0, 10)
            .Between(nameof(options.DefaultErrorStatusCode), options.DefaultErrorStatusCode, 400, 599)
            .Between(nameof(options.FaultStatusCode), options.FaultStatusCode, 500, 599)
            .Result;
    }

    private static void CheckAddress(OptionsCheck check, WebOptions options)
    {
        check
            .Between(nameof(options.Port), options.Port, 0, 65535)
            .That(IPAddress.TryParse(options.BindIP, out _), nameof(options.BindIP), options.BindIP, "an IP address is required")
            .That(options.UnixSocketPath is not "", nameof(options.UnixSocketPath), options.UnixSocketPath, OptionsCheck.TextRequired)
            .Between(nameof(options.BootAttempts), options.BootAttempts, 1, 10_000);
        if (options.IsHttps)
        {
            var path = options.Certificate.Path;
            check
                .That(!string.IsNullOrEmpty(path), "Certificate:Path", path, "Secure needs a certificate")
                .That(
                    !string.IsNullOrEmpty(options.Certificate.KeyPath) || CertificateFile.IsPkcs12(path),
                    "Certificate:KeyPath", options.Certificate.KeyPath, "Secure needs the certificate's private key");
            if (!string.IsNullOrEmpty(path) && (!string.IsNullOrEmpty(options.Certificate.KeyPath) || CertificateFile.IsPkcs12(path)))
            {
                CertificateFile.Check(check, path, options.Certificate.KeyPath, options.Certificate.Password);
            }
        }

        for (var i = 0; i < options.AllowedRequestHosts.Count; i++)
        {
            var host = options.AllowedRequestHosts[i];
            check.That(
                Uri.TryCreate(host, UriKind.Absolute, out var uri)
                    && uri.Scheme is "http" or "https"
                    && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
                    && host.AsSpan(uri.Scheme.Length).StartsWith("://", StringComparison.Ordinal)
                    && !host.EndsWith('/')
                    && !host.AsSpan().ContainsAny("\r\n\\"),
                $"{nameof(options.AllowedRequestHosts)}:{i}", host, "a protocol and a host are required, as in 'https://www.example.com'");
        }

        for (var i = 0; i < options.TrustedProxies?.Count; i++)
        {
            var network = options.TrustedProxies[i];
            check.That(
                IPNetwork.TryParse(network, out _) || IPAddress.TryParse(network, out _),
                $"{nameof(options.TrustedProxies)}:{i}", network, "a network is required, as in '10.0.0.0/8'");
        }
    }

    private static void CheckPaths(OptionsCheck check, WebOptions options)
    {
        check.That(
            options.AutomaticRoutes is null || AutomaticMethods.TryParse(options.AutomaticRoutes, out _),
            nameof(options.AutomaticRoutes), options.AutomaticRoutes, "allowed are none, all, and head, get, post, put, patch, delete with commas");
        if (options.RootEndpointType is not ("api" or "file"))
        {
            check.That(false, nameof(options.RootEndpointType), options.RootEndpointType, "rootEndpointType can only be 'api' or 'file'");
        }
        else if (options.RootEndpointType == "file" && string.IsNullOrEmpty(options.UrlPathForFiles?.Trim('/')))
        {
            check.That(false, nameof(options.UrlPathForFiles), options.UrlPathForFiles, "rootEndpointType cannot be \"file\" without a urlPathForFiles");
        }

        foreach (var (name, path) in ((string, string?)[])[(nameof(options.UrlPathForActions), options.UrlPathForActions), (nameof(options.UrlPathForFiles), options.UrlPathForFiles)])
        {
            check.That(path?.AsSpan().ContainsAny(NotInPaths) != true, name, path, "the segments of a path are required, as in 'my/api'");
        }

        check.That(
            options.OpenApiPath is null || (options.OpenApiPath.Length > 1 && options.OpenApiPath[0] == '/' && !options.OpenApiPath.AsSpan().ContainsAny(NotInPaths)),
            nameof(options.OpenApiPath), options.OpenApiPath, "a path is required, as in '/openapi.json'");
    }

    private static void CheckHeaders(OptionsCheck check, WebOptions options)
    {
        foreach (var (name, value) in options.HttpHeaders)
        {
            check
                .That(name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters), $"{nameof(options.HttpHeaders)}:{name}", name, "a header's name has characters that it cannot have")
                .That(IsHeaderValue(value), $"{nameof(options.HttpHeaders)}:{name}", value, "a header's value has no control characters and is ASCII");
        }

        var fingerprint = options.FingerprintOptions;
        var cookie = fingerprint.CookieKey;
        check.That(
            !string.IsNullOrEmpty(cookie) && !cookie.AsSpan().ContainsAnyExcept(TokenCharacters),
            "FingerprintOptions:CookieKey", cookie, "a cookie's name is required");
        foreach (var (name, value) in fingerprint.Settings)
        {
            check.That(
                name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters) && IsHeaderValue(value) && value?.Contains(';', StringComparison.Ordinal) != true,
                $"FingerprintOptions:Settings:{name}", value, "a cookie's attribute has no control characters and no semicolon");
            if (name.Equals("expires", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(value))
            {
                check.That(
                    long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and <= 315_360_000_000,
                    $"FingerprintOptions:Settings:{name}", value, "allowed is 0 to 315360000000, in milliseconds");
            }
        }
    }

    private static bool IsHeaderValue(string? value)
    {
        foreach (var character in value ?? string.Empty)
        {
            if (character is not '\t' and (< ' ' or > '~'))
            {
                return false;
            }
        }

        return true;
    }

    private void CheckParams(OptionsCheck check, WebOptions options)
    {
        var query = options.QueryParseOptions;
        check
            .Between(nameof(options.MaxBodySize), options.MaxBodySize, 1, int.MaxValue)
            .That(options.FormOptions.UploadDirectory is not "", "FormOptions:UploadDirectory", "", OptionsCheck.TextRequired)
            .Between("FormOptions:MaxFieldsSize", options.FormOptions.MaxFieldsSize, 1, int.MaxValue)
            .Between("FormOptions:MaxFileSize", options.FormOptions.MaxFileSize, 1, long.MaxValue)
            .Between("FormOptions:MaxUploadsSize", options.FormOptions.MaxUploadsSize ?? options.FormOptions.MaxFileSize, options.FormOptions.MaxFileSize, long.MaxValue)
            .NotEmpty("QueryParseOptions:Delimiter", query.Delimiter)
            .Between("QueryParseOptions:ParameterLimit", query.ParameterLimit, 1, 100_000)
            .Between("QueryParseOptions:Depth", query.Depth, 0, 32)
            .Between("QueryParseOptions:ArrayLimit", query.ArrayLimit, 0, 10_000);
        foreach (var setting in configuration.GetSection($"{Section}:QueryParseOptions").GetChildren())
        {
            check.That(
                QueryParseNames.Contains(setting.Key, StringComparer.OrdinalIgnoreCase),
                $"QueryParseOptions:{setting.Key}", setting.Value, $"the options are {string.Join(", ", QueryParseNames)}");
        }
    }
}
