using Polywire.AspNetCore.Http.Routing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Routing;

/// <summary>Targets as they were sent: mode, rest, query, extension.</summary>
public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/x", "file", "x", 1)]
    [InlineData("/", "file", "", 0)]
    [InlineData("", "file", "", 0)]
    [InlineData("*", "file", "", 0)]
    [InlineData("/api", "action prefixed", "", 0)]
    [InlineData("/api/", "action prefixed", "", 0)]
    [InlineData("/api//", "action prefixed", "", 1)]
    [InlineData("/api/x", "action prefixed", "x", 1)]
    [InlineData("/api/x/", "action prefixed", "x", 1)]
    [InlineData("/api/x//", "action prefixed", "x/", 2)]
    [InlineData("/api//x", "action prefixed", "/x", 2)]
    [InlineData("//api/x", "action prefixed", "x", 1)]
    [InlineData("///api/x/y", "action prefixed", "x/y", 2)]
    [InlineData("/API/x", "file", "API/x", 2)]
    [InlineData("/apix/x", "file", "apix/x", 2)]
    [InlineData("/%61pi/x", "file", "%61pi/x", 2)]
    [InlineData("/public", "file prefixed", "", 0)]
    [InlineData("/public/", "file prefixed", "", 0)]
    [InlineData("/public/a/b.txt", "file prefixed", "a/b.txt", 2)]
    [InlineData("/api/a%2Fb", "action prefixed", "a%2Fb", 1)]
    [InlineData("/api/../x", "nowhere prefixed", "../x", 2)]
    [InlineData("/api/./x", "nowhere prefixed", "./x", 2)]
    [InlineData("/api/x/..", "nowhere prefixed", "x/..", 2)]
    [InlineData("/api/%2E./x", "nowhere prefixed", "%2E./x", 2)]
    [InlineData("/api/x/%2e%2e%2fy", "nowhere prefixed", "x/%2e%2e%2fy", 2)]
    [InlineData("/api/a%5C..%5Cb", "nowhere prefixed", "a%5C..%5Cb", 1)]
    [InlineData("/api/x..y/.z/a.", "action prefixed", "x..y/.z/a.", 3)]
    [InlineData("/api/%2e%2ex", "action prefixed", "%2e%2ex", 1)]
    [InlineData("/api/...", "action prefixed", "...", 1)]
    [InlineData("/api/x?y=/../", "action prefixed", "x", 1)]
    [InlineData("/public/../x", "file prefixed", "../x", 2)]
    [InlineData("\\api\\x", "action prefixed", "x", 1)]
    [InlineData("/api/x#/y?z", "action prefixed", "x", 1)]
    [InlineData("/api/x%5cy", "action prefixed", "x%5cy", 1)]
    [InlineData("http://host/api/x", "action prefixed", "x", 1)]
    [InlineData("https://host:1/api/x?a=b", "action prefixed", "x", 1)]
    [InlineData("http://host", "file", "", 0)]
    [InlineData("http://host?a=b", "file", "", 0)]
    [InlineData("/http://host/api/x", "file", "http://host/api/x", 5)]
    public void TellsActionsFromFiles(string target, string mode, string rest, int parts)
    {
        var parsed = Parse(target);

        $"{parsed.Mode.ToString().ToLowerInvariant()}{(parsed.IsPrefixed ? " prefixed" : "")}".ShouldBe(mode);
        parsed.Rest.ShouldBe(rest);
        parsed.RestParts.ShouldBe(parts);
    }

    [Theory]
    [InlineData("file", "api", "public", "/x", "File x"), InlineData("api", "api", "public", "/x", "Action x")]
    [InlineData("api", null, "public", "/api/x", "Action api/x"), InlineData("api", "", "public", "/public/x", "File x")]
    [InlineData("api", "api", null, "/public/x", "Action public/x"), InlineData("api", "api", "", "/", "Action ")]
    [InlineData("file", "my/api", "static/files", "/my/api/x", "Action x"), InlineData("file", "/my/api/", "public", "/my/api/x", "Action x")]
    [InlineData("file", "my/api", "public", "/my/apixyz", "File my/apixyz"), InlineData("file", "my/api", "public", "/my/x", "File my/x")]
    [InlineData("file", "my/api", "public", "//my/api", "Action "), InlineData("file", "my/api", "public", "/my//api/x", "File my//api/x")]
    [InlineData("file", "api", "api/files", "/api/files/x", "Action files/x"), InlineData("file", "a/b/c", "a", "/a/b/x", "File b/x")]
    public void GoesByTheSettings(string root, string? actions, string? files, string target, string expected)
    {
        var options = new WebOptions { RootEndpointType = root, UrlPathForActions = actions, UrlPathForFiles = files };

        var parsed = RequestTarget.Parse(target, default, new TargetPrefixes(options));

        $"{parsed.Mode} {parsed.Rest}".ShouldBe(expected);
    }

    [Fact]
    public void KnowsTheOlderPrefixOfFiles_WhereAsked()
    {
        RequestTarget.Parse("/file/x", default, new TargetPrefixes(new WebOptions { RootEndpointType = "api" })).Mode.ShouldBe(TargetMode.Action);
        var older = RequestTarget.Parse("/file/x", default, new TargetPrefixes(new WebOptions { RootEndpointType = "api", Legacy = true }));
        older.Mode.ShouldBe(TargetMode.File);
        older.Rest.ShouldBe("x");
    }

    [Theory]
    [InlineData("/a?b=c", "b=c"), InlineData("/a?b=c?d", "b=c?d"), InlineData("/a?", ""), InlineData("/a", "")]
    [InlineData("/a?b=%20+\\", "b=%20+\\"), InlineData("/a?b=c#d", "b=c"), InlineData("http://h/a?b", "b"), InlineData("http://h?b", "b")]
    public void KeepsTheQueryAsItIs(string target, string query) => Parse(target).Query.ShouldBe(query);

    [Theory]
    [InlineData("/a.b", "b"), InlineData("/a.b/c", "b/c"), InlineData("/a.b.c", "c"), InlineData("/a", null), InlineData("/a?x=y.z", null)]
    [InlineData("/a.", ""), InlineData("/api/ext/12.png", "png"), InlineData("/a.b/", "b/")]
    public void TakesTheExtensionOfTheWholePath(string target, string? extension) => Parse(target).Extension.ShouldBe(extension);

    [Theory]
    [InlineData("/a/b?c=d", "/a/b?c=d"), InlineData("//evil/x", "/evil/x"), InlineData("/\\evil/x", "/evil/x"), InlineData("\\\\evil", "/evil")]
    [InlineData("http://evil/x", "/x"), InlineData("http://evil", "/"), InlineData("http://evil//x?y", "/x?y"), InlineData("*", "/"), InlineData("/a/", "/a/")]
    [InlineData("/a?//x", "/a?//x"), InlineData("///", "/")]
    public void RedirectsNowhereElse(string target, string location) => Parse(target).Location.ShouldBe(location);

    [Theory]
    [InlineData("/base/api/x", "/base", "Action x"), InlineData("/BASE/api/x", "/base", "Action x"), InlineData("/api/x", "/base", "Action x")]
    public void LeavesOutWhatTheApplicationHasTakenOff(string target, string pathBase, string expected)
    {
        var parsed = RequestTarget.Parse(target, pathBase, new TargetPrefixes(new WebOptions()));

        $"{parsed.Mode} {parsed.Rest}".ShouldBe(expected);
    }

    [Fact]
    public void BearsAnything()
    {
        var random = new Random(1);
        var alphabet = "/\\?#*.:%apihtpublic@ \u0001".ToCharArray();
        for (var i = 0; i < 20_000; i++)
        {
            var target = string.Concat(random.GetItems(alphabet, random.Next(0, 20)));

            var parsed = Parse(target);

            parsed.RestParts.ShouldBeGreaterThanOrEqualTo(0, target);
            parsed.Location.ShouldStartWith("/");
            parsed.Location.StartsWith("//", StringComparison.Ordinal).ShouldBeFalse(target);
        }
    }

    private static RequestTarget Parse(string target) => RequestTarget.Parse(target, default, new TargetPrefixes(new WebOptions()));
}
