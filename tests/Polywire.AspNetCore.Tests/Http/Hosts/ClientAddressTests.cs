using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Hosts;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Hosts;

/// <summary>Where a request comes from, and whose word counts.</summary>
public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4:700"), InlineData("1.2.3.4:99", "1.2.3.4:99"), InlineData("1.2.3.4:99, 5.6.7.8", "1.2.3.4:99")]
    [InlineData(" 1.2.3.4 ,x", "1.2.3.4:700"), InlineData("::ffff:1.2.3.4", "1.2.3.4:700"), InlineData("::ffff:1.2.3.4:5", "1.2.3.4:5")]
    [InlineData("2001:db8::1", "2001:db8::1:80"), InlineData("[2001:db8::1]:443", "2001:db8::1:443"), InlineData("[::1]", "::1:80")]
    [InlineData("", "127.0.0.1:700"), InlineData("garbage", "127.0.0.1:700"), InlineData("[", "127.0.0.1:700"), InlineData("[::1", "127.0.0.1:700")]
    [InlineData("]", "127.0.0.1:700"), InlineData("[]", "127.0.0.1:700"), InlineData(":", "127.0.0.1:700"), InlineData(",1.2.3.4", "127.0.0.1:700")]
    [InlineData("1", "127.0.0.1:700"), InlineData("1.2", "127.0.0.1:700"), InlineData("1.2.3.4.5", "127.0.0.1:700"), InlineData("1.2.3.256", "127.0.0.1:700")]
    [InlineData("1.2.3.4:70000", "127.0.0.1:700"), InlineData("1.2.3.4:x", "127.0.0.1:700"), InlineData("1.2.3.4:-1", "127.0.0.1:700")]
    [InlineData("[::1]:70000", "127.0.0.1:700"), InlineData("[::1]x", "127.0.0.1:700"), InlineData("fe80::1%eth0", "127.0.0.1:700")]
    [InlineData("010.1.2.3", "127.0.0.1:700"), InlineData("0x7f.0.0.1", "127.0.0.1:700"), InlineData("0.0.0.0", "0.0.0.0:700")]
    [InlineData("<script>", "127.0.0.1:700"), InlineData("unknown", "127.0.0.1:700"), InlineData("_hidden", "127.0.0.1:700")]
    public void TakesTheFirstAddressOfTheList_IfItIsOne(string forwarded, string expected) => Read(("X-Forwarded-For", forwarded)).ShouldBe(expected);

    [Fact]
    public void IgnoresAnEndlessHeader() => Read(("X-Forwarded-For", new string('1', 20_000))).ShouldBe("127.0.0.1:700");

    [Theory]
    [InlineData("443", "1.2.3.4:443"), InlineData("x", "1.2.3.4:700"), InlineData("65536", "1.2.3.4:700"), InlineData("-1", "1.2.3.4:700")]
    public void TakesThePortOfTheProxy(string port, string expected) =>
        Read(("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Port", port)).ShouldBe(expected);

    [Theory]
    [InlineData("9.9.9.9", "9.9.9.9:700"), InlineData("::1", "::1:700"), InlineData("x", "1.1.1.1:700"), InlineData("", "1.1.1.1:700")]
    [InlineData("1", "1.1.1.1:700"), InlineData("0x7f000001", "1.1.1.1:700"), InlineData("1.2.3", "1.1.1.1:700"), InlineData("fe80::1%eth0", "1.1.1.1:700")]
    [InlineData("9.9.9.9:80", "1.1.1.1:700")]
    public void LetsTheRealAddressWin(string real, string expected) => Read(("X-Forwarded-For", "1.1.1.1"), ("X-Real-IP", real)).ShouldBe(expected);

    [Theory]
    [InlineData("127.0.0.1", null, true), InlineData("::1", null, true), InlineData("::ffff:127.0.0.1", null, true), InlineData("127.9.9.9", null, true)]
    [InlineData("10.0.0.1", null, false), InlineData("10.0.0.1", "10.0.0.0/8", true), InlineData("127.0.0.1", "10.0.0.0/8", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true), InlineData("10.0.0.2", "10.0.0.1", false), InlineData("127.0.0.1", "", false), InlineData("fd00::1", "fd00::/8", true)]
    [InlineData(null, null, true), InlineData(null, "", false), InlineData(null, "10.0.0.0/8", false)]
    public void BelievesOnlyTrustedPeers(string? peer, string? trusted, bool believed)
    {
        var proxies = new TrustedProxies(Options.Create(new WebOptions { TrustedProxies = trusted?.Split(',', StringSplitOptions.RemoveEmptyEntries) }));
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

        ClientAddress.Of(http, new TrustedProxies(Options.Create(new WebOptions()))).IP.ShouldBe(expected);
    }

    private static string Read(params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Connection.RemotePort = 700;
        foreach (var (name, value) in headers)
        {
            http.Request.Headers[name] = value;
        }

        var address = ClientAddress.Of(http, new TrustedProxies(Options.Create(new WebOptions())));
        return $"{address.IP}:{address.Port}";
    }
}
