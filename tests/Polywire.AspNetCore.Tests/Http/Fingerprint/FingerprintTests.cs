using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Fingerprint;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Fingerprint;

/// <summary>By what a client is known again.</summary>
public sealed class FingerprintTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("sessionID=abc", null, "abc"), InlineData("other=1; sessionID=abc; more=2", null, "abc"), InlineData("sessionID= a ", null, "a")]
    [InlineData("sessionID=a =b=c", null, "a"), InlineData("sessionID=a%20b", null, "a%20b"), InlineData("sessionID=a; sessionID=b", null, "b")]
    [InlineData(null, "hdr", "hdr"), InlineData("sessionID=abc", "hdr", "abc"), InlineData("sessionid=abc", "hdr", "hdr"), InlineData("sessionID=", "hdr", "hdr")]
    public void KnowsAClientAgain(string? cookie, string? header, string fingerprint)
    {
        var (read, set) = Read(cookie, header);

        read.ShouldBe(fingerprint);
        set.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, null), InlineData("sessionID=", null), InlineData("sessionID", null), InlineData("sessionid=abc", null), InlineData("=abc", null), InlineData("sessionID==abc", null)]
    [InlineData("sessionID=a b", null), InlineData("sessionID=a\tb", null), InlineData("sessionID=é", null), InlineData(null, ""), InlineData(null, "a b"), InlineData("xsessionID=abc", null)]
    public void GivesANewFingerprint_WhereThereIsNone(string? cookie, string? header)
    {
        var (read, set) = Read(cookie, header);

        read.ShouldMatch("^[0-9a-f]{40}$");
        var expires = (_time.GetUtcNow() + TimeSpan.FromHours(1)).ToString("R", CultureInfo.InvariantCulture);
        set.ShouldBe($"sessionID={read};path=/;expires={expires};");
    }

    [Theory, InlineData(256, true), InlineData(257, false)]
    public void LimitsTheLength(int length, bool kept)
    {
        var text = new string('x', length);

        (Read($"sessionID={text}", null).Fingerprint == text).ShouldBe(kept);
    }

    [Fact]
    public void GivesEachClientItsOwn() => Read(null, null).Fingerprint.ShouldNotBe(Read(null, null).Fingerprint);

    [Fact]
    public void WritesTheCookieAsTheSettingsSay()
    {
        var (_, set) = Read(null, null, options =>
        {
            options.CookieKey = "id";
            options.Settings["path"] = "/api";
            options.Settings["expires"] = null;
            options.Settings["HttpOnly"] = "";
            options.Settings["SameSite"] = "Lax";
        });

        set!.ShouldMatch("^id=[0-9a-f]{40};path=/api;HttpOnly;SameSite=Lax;$");
        Read(null, null, options => options.ToSetCookie = false).Cookie.ShouldBeNull();
    }

    [Fact]
    public void MakesTheCookieSecure_OverHttps()
    {
        Read(null, null, isHttps: true).Cookie!.ShouldEndWith(";Secure;");
        Read(null, null, options => options.Settings["secure"] = "", isHttps: true).Cookie!.ShouldEndWith("GMT;secure;");
    }

    [Fact]
    public void MovesTheDateOn()
    {
        var first = Read(null, null).Cookie;
        _time.Advance(TimeSpan.FromSeconds(10));

        Read(null, null).Cookie![^20..].ShouldNotBe(first![^20..]);
    }

    [Fact]
    public void StaysTheSameForEqualRequests_WhereAsked()
    {
        static void Static(WebFingerprintOptions options) => options.OnlyStaticElements = true;

        var first = Read(null, null, Static).Fingerprint;

        first.ShouldMatch("^[0-9a-f]{40}$");
        Read(null, null, Static).Fingerprint.ShouldBe(first);
        Read(null, null, Static, ip: "2.2.2.2").Fingerprint.ShouldNotBe(first);
        Read(null, null, Static, agent: "other").Fingerprint.ShouldNotBe(first);
    }

    [Fact]
    public void ReadsAllCookies()
    {
        var cookies = new RequestCookies(new(["a=1; B = 2 ;b=3;;=x; novalue; c=d=e", "a=4; f="]));

        cookies.ToDictionary().ShouldBe(new Dictionary<string, string> { ["a"] = "4", ["B"] = "2", ["b"] = "3", ["c"] = "d=e", ["f"] = "" }, ignoreOrder: true);
        cookies.Find("a").ShouldBe("4");
        cookies.Find("A").ShouldBeNull();
        cookies.ContainsKey("novalue").ShouldBeFalse();
    }

    private (string Fingerprint, string? Cookie) Read(
        string? cookie, string? header, Action<WebFingerprintOptions>? set = null, bool isHttps = false, string ip = "1.1.1.1", string agent = "test")
    {
        var options = new WebOptions();
        set?.Invoke(options.FingerprintOptions);
        var http = new DefaultHttpContext();
        http.Request.IsHttps = isHttps;
        http.Request.Headers.UserAgent = agent;
        if (cookie is not null)
        {
            http.Request.Headers.Cookie = cookie;
        }

        if (header is not null)
        {
            http.Request.Headers["x-sessionid"] = header;
        }

        var fingerprint = new FingerprintReader(Options.Create(options), _time)
            .Read(http, new RequestCookies(http.Request.Headers.Cookie), new ClientAddress(ip, 1), out _);
        return (fingerprint, http.Response.Headers.SetCookie);
    }
}
