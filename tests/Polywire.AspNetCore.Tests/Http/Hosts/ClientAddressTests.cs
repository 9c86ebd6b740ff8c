using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.AspNetCore.WebSockets.Upgrade;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Hosts;

/// <summary>Where a request comes from, and whose word counts.</summary>
public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4:700"), InlineData("1.2.3.4:99", "1.2.3.4:99"), InlineData("1.2.3.4:99, 5.6.7.8", "5.6.7.8:700")]
    [InlineData(" 1.2.3.4 ", "1.2.3.4:700"), InlineData("::ffff:1.2.3.4", "1.2.3.4:700"), InlineData("::ffff:1.2.3.4:5", "1.2.3.4:5")]
    [InlineData("2001:db8::1", "2001:db8::1:80"), InlineData("[2001:db8::1]:443", "2001:db8::1:443"), InlineData("[::1]", "::1:80")]
    [InlineData("", "127.0.0.1:700"), InlineData("garbage", "127.0.0.1:700"), InlineData("[", "127.0.0.1:700"), InlineData("[::1", "127.0.0.1:700")]
    [InlineData("]", "127.0.0.1:700"), InlineData("[]", "127.0.0.1:700"), InlineData(":", "127.0.0.1:700"), InlineData("1.2.3.4,", "1.2.3.4:700")]
    [InlineData("1", "127.0.0.1:700"), InlineData("1.2", "127.0.0.1:700"), InlineData("1.2.3.4.5", "127.0.0.1:700"), InlineData("1.2.3.256", "127.0.0.1:700")]
    [InlineData("1.2.3.4:70000", "127.0.0.1:700"), InlineData("1.2.3.4:x", "127.0.0.1:700"), InlineData("1.2.3.4:-1", "127.0.0.1:700")]
    [InlineData("[::1]:70000", "127.0.0.1:700"), InlineData("[::1]x", "127.0.0.1:700"), InlineData("fe80::1%eth0", "127.0.0.1:700")]
    [InlineData("010.1.2.3", "127.0.0.1:700"), InlineData("0x7f.0.0.1", "127.0.0.1:700"), InlineData("0.0.0.0", "0.0.0.0:700")]
    [InlineData("<script>", "127.0.0.1:700"), InlineData("unknown", "127.0.0.1:700"), InlineData("_hidden", "127.0.0.1:700")]
    public void ReadsEveryFormOfAnEntry_AndNoOther(string forwarded, string expected) => Read(("X-Forwarded-For", forwarded)).ShouldBe(expected);

    [Theory]
    [InlineData("6.6.6.6, 1.2.3.4", "1.2.3.4:700"), InlineData("6.6.6.6,1.2.3.4:5", "1.2.3.4:5"), InlineData("6.6.6.6, 1.2.3.4, 127.0.0.1", "1.2.3.4:700")]
    [InlineData("6.6.6.6, 1.2.3.4, ::1, 127.0.0.9", "1.2.3.4:700"), InlineData("6.6.6.6, 1.2.3.4:5, [::1]:9, 127.0.0.9:8", "1.2.3.4:5")]
    [InlineData("6.6.6.6, 1.2.3.4, ::ffff:127.0.0.1", "1.2.3.4:700"), InlineData("6.6.6.6, 1.2.3.4, [::ffff:7f00:1]", "1.2.3.4:700")]
    [InlineData("127.0.0.1", "127.0.0.1:700"), InlineData("127.0.0.3, ::1, 127.0.0.2:4", "127.0.0.3:700"), InlineData("::1", "::1:80")]
    [InlineData("6.6.6.6, , 1.2.3.4, , ", "1.2.3.4:700"), InlineData("6.6.6.6,,127.0.0.2,", "6.6.6.6:700"), InlineData(",,,", "127.0.0.1:700"), InlineData(" ", "127.0.0.1:700")]
    [InlineData("6.6.6.6, x", "127.0.0.1:700"), InlineData("6.6.6.6, x, 127.0.0.2", "127.0.0.2:700"), InlineData("x, 1.2.3.4", "1.2.3.4:700")]
    [InlineData("6.6.6.6, unknown", "127.0.0.1:700"), InlineData("6.6.6.6, _hidden, 127.0.0.2:3", "127.0.0.2:3"), InlineData("6.6.6.6, unix:", "127.0.0.1:700")]
    [InlineData("6.6.6.6, for=1.2.3.4", "127.0.0.1:700"), InlineData("6.6.6.6, \"1.2.3.4\"", "127.0.0.1:700"), InlineData("6.6.6.6, 1.2.3.4 5.6.7.8", "127.0.0.1:700")]
    [InlineData("6.6.6.6, fe80::1%1", "127.0.0.1:700"), InlineData("6.6.6.6, localhost", "127.0.0.1:700"), InlineData("6.6.6.6; 1.2.3.4", "127.0.0.1:700")]
    public void TakesTheFirstStrangerFromTheRight(string forwarded, string expected) => Read(("X-Forwarded-For", forwarded)).ShouldBe(expected);

    [Theory]
    [InlineData("6.6.6.6|1.2.3.4", "1.2.3.4:700"), InlineData("6.6.6.6, 1.2.3.4|127.0.0.1", "1.2.3.4:700"), InlineData("6.6.6.6|1.2.3.4|::1, 127.0.0.2", "1.2.3.4:700")]
    [InlineData("6.6.6.6|", "6.6.6.6:700"), InlineData("|1.2.3.4|", "1.2.3.4:700"), InlineData("6.6.6.6|x", "127.0.0.1:700"), InlineData("|", "127.0.0.1:700")]
    public void TakesAllLinesOfTheHeaderForOneList(string lines, string expected) =>
        Read([.. lines.Split('|').Select(line => ("X-Forwarded-For", line))]).ShouldBe(expected);

    [Theory]
    [InlineData("10.0.0.0/8", "6.6.6.6, 1.2.3.4, 10.9.9.9", "10.1.1.1", "1.2.3.4"), InlineData("10.0.0.0/8", "6.6.6.6, 127.0.0.1", "10.1.1.1", "127.0.0.1")]
    [InlineData("10.0.0.0/8,fd00::/8", "6.6.6.6, fd00::7, 10.9.9.9", "fd00::1", "6.6.6.6"), InlineData("10.0.0.0/8", "1.2.3.4", "9.1.1.1", "9.1.1.1")]
    [InlineData(null, "6.6.6.6, 1.2.3.4, 127.0.0.1", null, "1.2.3.4"), InlineData("", "1.2.3.4", null, "unix"), InlineData(null, "x", null, "unix")]
    [InlineData("10.0.0.0/8", "6.6.6.6, ::ffff:10.2.2.2", "::ffff:10.1.1.1", "6.6.6.6")]
    public void PassesOverTheProxiesOfTheSettings(string? trusted, string forwarded, string? peer, string expected)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        http.Request.Headers["X-Forwarded-For"] = forwarded;

        ClientAddress.Of(http, Proxies(trusted)).IP.ShouldBe(expected);
    }

    [Fact]
    public void IgnoresAnEndlessHeader() => Read(("X-Forwarded-For", new string('1', 20_000))).ShouldBe("127.0.0.1:700");

    [Theory]
    [InlineData("1, 443", "1.2.3.4:443"), InlineData("443,", "1.2.3.4:443"), InlineData("443, x", "1.2.3.4:700"), InlineData("0", "1.2.3.4:0"), InlineData(" 443 ", "1.2.3.4:443")]
    [InlineData("443", "1.2.3.4:443"), InlineData("x", "1.2.3.4:700"), InlineData("65536", "1.2.3.4:700"), InlineData("-1", "1.2.3.4:700")]
    public void TakesThePortOfTheProxy(string port, string expected) =>
        Read(("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Port", port)).ShouldBe(expected);

    [Theory]
    [InlineData("9.9.9.9", "9.9.9.9:700"), InlineData("::1", "::1:700"), InlineData("x", "127.0.0.1:700"), InlineData("", "127.0.0.1:700")]
    [InlineData("1", "127.0.0.1:700"), InlineData("0x7f000001", "127.0.0.1:700"), InlineData("1.2.3", "127.0.0.1:700"), InlineData("fe80::1%eth0", "127.0.0.1:700")]
    [InlineData("9.9.9.9:80", "127.0.0.1:700"), InlineData("6.6.6.6, 9.9.9.9", "9.9.9.9:700"), InlineData("::ffff:9.9.9.9", "9.9.9.9:700")]
    public void TakesTheRealAddress_WhereNothingIsForwarded(string real, string expected)
    {
        Read(("X-Real-IP", real)).ShouldBe(expected);
        Read(("X-Forwarded-For", " , "), ("X-Real-IP", real)).ShouldBe(expected);
        Read(("X-Forwarded-For", "1.1.1.1"), ("X-Real-IP", real)).ShouldBe("1.1.1.1:700");
        Read(("X-Forwarded-For", "x"), ("X-Real-IP", real)).ShouldBe("127.0.0.1:700");
    }

    [Theory, InlineData("127.0.0.1:700", "1.2.3.4"), InlineData("x", "1.2.3.4")]
    public void LetsNobodyForgeTheMarkOfTheMiddleware(string mark, string expected)
    {
        var http = Request([("X-Forwarded-For", "1.2.3.4"), ("X-Original-For", mark)]);
        var context = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 700) };
        WebSocketTransfer.RunAsync(context, _ => Task.CompletedTask, TimeProvider.System).IsCompleted.ShouldBeTrue();
        http.Features.Set(context.Features.Get<WebSocketTransfer>());
        ClientAddress.Of(http, Proxies(null)).IP.ShouldBe(expected);

        // The middleware has been there: another address, or another port of the same.
        http.Connection.RemotePort = 0;
        ClientAddress.Of(http, Proxies(null)).IP.ShouldBe("127.0.0.1");
        http.Connection.RemoteIpAddress = IPAddress.Parse("127.0.0.5");
        ClientAddress.Of(http, Proxies(null)).IP.ShouldBe("127.0.0.5");
    }

    [Theory]
    [InlineData("https", null, "https"), InlineData("wss", null, "https"), InlineData("ws", null, "http"), InlineData("http, https", null, "https"), InlineData("https, http", null, "http")]
    [InlineData("https,", null, "https"), InlineData("", null, "http"), InlineData("x", null, "x"), InlineData("https", "10.0.0.0/8", "http")]
    public void TakesTheSchemeOfTheNearestProxy(string forwarded, string? trusted, string expected)
    {
        var http = Request([("X-Forwarded-Proto", forwarded)]);
        http.Request.Scheme = "http";

        Proxies(trusted).SchemeOf(http).ShouldBe(expected);
    }

    [Theory]
    [InlineData("127.0.0.1", null, true), InlineData("::1", null, true), InlineData("::ffff:127.0.0.1", null, true), InlineData("127.9.9.9", null, true)]
    [InlineData("10.0.0.1", null, false), InlineData("10.0.0.1", "10.0.0.0/8", true), InlineData("127.0.0.1", "10.0.0.0/8", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true), InlineData("10.0.0.2", "10.0.0.1", false), InlineData("127.0.0.1", "", false), InlineData("fd00::1", "fd00::/8", true)]
    [InlineData(null, null, true), InlineData(null, "", false), InlineData(null, "10.0.0.0/8", false)]
    public void BelievesOnlyTrustedPeers(string? peer, string? trusted, bool believed)
    {
        var proxies = Proxies(trusted);
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        http.Request.Headers["X-Real-IP"] = "9.9.9.9";

        (ClientAddress.Of(http, proxies).IP == "9.9.9.9").ShouldBe(believed);
    }

    [Theory, InlineData("::ffff:10.0.0.1", "10.0.0.1"), InlineData("2001:db8::1", "2001:db8::1"), InlineData(null, "unix")]
    public void ShowsThePeer(string? peer, string expected)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);

        ClientAddress.Of(http, Proxies(null)).IP.ShouldBe(expected);
    }

    private static TrustedProxies Proxies(string? trusted) =>
        new(Options.Create(new WebOptions { TrustedProxies = trusted?.Split(',', StringSplitOptions.RemoveEmptyEntries) }));

    private static string Read(params (string Name, string Value)[] headers)
    {
        var address = ClientAddress.Of(Request(headers), Proxies(null));
        return $"{address.IP}:{address.Port}";
    }

    private static DefaultHttpContext Request((string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Connection.RemotePort = 700;
        foreach (var (name, value) in headers)
        {
            http.Request.Headers.Append(name, value);
        }

        return http;
    }
}
