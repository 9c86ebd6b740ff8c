using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>Settings of the web server: bound from the configuration, refused with their full name.</summary>
public sealed class WebOptionsTests
{
    [Fact]
    public void AreBoundFromTheConfiguration()
    {
        using var folder = new TemporaryFolder();
        using var certificate = TestCertificates.SelfSigned();
        var path = folder.Write("x.pfx", certificate.Certificate.Export(X509ContentType.Pkcs12));
        var options = Bind(
            ("Secure", "true"), ("Certificate:Path", path), ("Port", "81"), ("BindIP", "::"), ("BootAttempts", "3"), ("AllowedRequestHosts:0", "https://a.example"),
            ("TrustedProxies:0", "10.0.0.0/8"), ("HttpHeaders:X-Own", "1"), ("HttpHeaders:Access-Control-Allow-Origin", ""), ("UrlPathForActions", "my/api"),
            ("UrlPathForFiles", "static"), ("RootEndpointType", "api"), ("SimpleRouting", "false"), ("QueryRouting", "false"), ("RouteOverQuery", "false"),
            ("RouteTimeout", "00:00:01"), ("FlatFileCacheDuration", "00:02:00"), ("EnableEtag", "false"), ("SaveRawBody", "true"), ("FingerprintOptions:CookieKey", "id"),
            ("FingerprintOptions:Settings:HttpOnly", ""), ("FormOptions:KeepExtensions", "true"), ("FormOptions:MaxFileSize", "5"), ("QueryParseOptions:depth", "2"),
            ("Padding", "4"), ("MetadataOptions:ServerInformation", "false"), ("ReturnErrorCodes", "false"), ("Compress", "true"), ("Legacy", "true"), ("Jsonp", "false"));

        options.ShouldSatisfyAllConditions(
            () => options.Secure.ShouldBe(true),
            () => (options.Port, options.BindIP, options.BootAttempts).ShouldBe((81, "::", 3)),
            () => options.AllowedRequestHosts.ShouldBe(["https://a.example"]),
            () => options.TrustedProxies.ShouldBe(["10.0.0.0/8"]),
            () => options.HttpHeaders["X-Own"].ShouldBe("1"),
            () => options.HttpHeaders["Access-Control-Allow-Origin"].ShouldBeNullOrEmpty(),
            () => (options.UrlPathForActions, options.UrlPathForFiles, options.RootEndpointType).ShouldBe(("my/api", "static", "api")),
            () => (options.SimpleRouting || options.QueryRouting || options.RouteOverQuery).ShouldBeFalse(),
            () => (options.RouteTimeout, options.FlatFileCacheDuration).ShouldBe((TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2))),
            () => (options.EnableEtag, options.SaveRawBody, options.Compress, options.Legacy, options.Jsonp).ShouldBe((false, true, true, true, false)),
            () => options.FingerprintOptions.CookieKey.ShouldBe("id"),
            () => options.FingerprintOptions.Settings.Keys.ShouldContain("HttpOnly"),
            () => (options.FormOptions.KeepExtensions, options.FormOptions.MaxFileSize).ShouldBe((true, 5)),
            () => options.QueryParseOptions.Depth.ShouldBe(2),
            () => (options.Padding, options.MetadataOptions.ServerInformation, options.ReturnErrorCodes).ShouldBe((4, false, false)));
    }

    [Theory]
    [InlineData("RootEndpointType", "files", "Polywire:Web:RootEndpointType is 'files': rootEndpointType can only be 'api' or 'file'.")]
    [InlineData("UrlPathForFiles", "", "Polywire:Web:UrlPathForFiles is empty: rootEndpointType cannot be \"file\" without a urlPathForFiles.")]
    [InlineData("UrlPathForActions", "a?b", "Polywire:Web:UrlPathForActions is 'a?b': the segments of a path are required, as in 'my/api'.")]
    [InlineData("Secure", "true", "Polywire:Web:Certificate:Path is empty: Secure needs a certificate.")]
    [InlineData("Port", "65536", "Polywire:Web:Port is '65536': allowed is 0 to 65535.")]
    [InlineData("BindIP", "nowhere", "Polywire:Web:BindIP is 'nowhere': an IP address is required.")]
    [InlineData("UnixSocketPath", "", "Polywire:Web:UnixSocketPath is empty: a text is required.")]
    [InlineData("BootAttempts", "0", "Polywire:Web:BootAttempts is '0': allowed is 1 to 10000.")]
    [InlineData("AllowedRequestHosts:0", "www.site.com", "Polywire:Web:AllowedRequestHosts:0 is 'www.site.com': a protocol and a host are required, as in 'https://www.example.com'.")]
    [InlineData("AllowedRequestHosts:0", "https://a.example/", "Polywire:Web:AllowedRequestHosts:0 is 'https://a.example/': a protocol and a host are required, as in 'https://www.example.com'.")]
    [InlineData("TrustedProxies:0", "proxy", "Polywire:Web:TrustedProxies:0 is 'proxy': a network is required, as in '10.0.0.0/8'.")]
    [InlineData("HttpHeaders:X A", "1", "Polywire:Web:HttpHeaders:X A is 'X A': a header's name has characters that it cannot have.")]
    [InlineData("HttpHeaders:X-A", "a\r\nb", "Polywire:Web:HttpHeaders:X-A is 'a\r\nb': a header's value has no control characters and is ASCII.")]
    [InlineData("FingerprintOptions:CookieKey", "a b", "Polywire:Web:FingerprintOptions:CookieKey is 'a b': a cookie's name is required.")]
    [InlineData("FingerprintOptions:Settings:path", "/;x", "Polywire:Web:FingerprintOptions:Settings:path is '/;x': a cookie's attribute has no control characters and no semicolon.")]
    [InlineData("FingerprintOptions:Settings:expires", "soon", "Polywire:Web:FingerprintOptions:Settings:expires is 'soon': allowed is 0 to 315360000000, in milliseconds.")]
    [InlineData("QueryParseOptions:plainObjects", "true", "Polywire:Web:QueryParseOptions:plainObjects is 'true': the options are delimiter, parameterLimit, depth, arrayLimit, allowDots, comma.")]
    [InlineData("QueryParseOptions:Depth", "33", "Polywire:Web:QueryParseOptions:Depth is '33': allowed is 0 to 32.")]
    [InlineData("RouteTimeout", "00:00:00", "Polywire:Web:RouteTimeout is '00:00:00': allowed is 00:00:00.0010000 to 00:00:10.")]
    [InlineData("FormOptions:MaxFieldsSize", "0", "Polywire:Web:FormOptions:MaxFieldsSize is '0': allowed is 1 to 2147483647.")]
    [InlineData("MaxBodySize", "0", "Polywire:Web:MaxBodySize is '0': allowed is 1 to 2147483647.")]
    [InlineData("DefaultErrorStatusCode", "200", "Polywire:Web:DefaultErrorStatusCode is '200': allowed is 400 to 599.")]
    [InlineData("Padding", "11", "Polywire:Web:Padding is '11': allowed is 0 to 10.")]
    [InlineData("OpenApiPath", "openapi.json", "Polywire:Web:OpenApiPath is 'openapi.json': a path is required, as in '/openapi.json'.")]
    public void StopTheStart_WithTheirFullName(string name, string value, string message) =>
        Should.Throw<OptionsValidationException>(() => Bind((name, value))).Message.ShouldContain(message);

    [Fact]
    public void NameTheCertificateThatIsNotThere() =>
        Should.Throw<OptionsValidationException>(() => Bind(("Secure", "true"), ("Certificate:Path", "missing.pfx")))
            .Message.ShouldContain("Polywire:Web:Certificate:Path is 'missing.pfx': there is no such file.");

    [Fact]
    public void AllowTheRootToBeActionsWithoutFiles() => Bind(("RootEndpointType", "api"), ("UrlPathForFiles", "")).UrlPathForFiles.ShouldBe("");

    private static WebOptions Bind(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"Polywire:Web:{pair.Name}", (string?)pair.Value)));
        builder.AddPolywire();
        using var provider = builder.Services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<WebOptions>>().Value;
    }
}
