using System.Diagnostics;
using Polywire.AspNetCore.Http.Routing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Routing;

/// <summary>Routes: what matches, what comes first, what variables get.</summary>
public sealed class RouteTableTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData("/users", "users", ""), InlineData("/users", "USERS", ""), InlineData("/users", "user", null), InlineData("/users", "users/1", null)]
    [InlineData("users/", "users", ""), InlineData("/user/:id", "user/5", "id=5"), InlineData("/user/:id", "user", null)]
    [InlineData("/user/:id", "user/", null), InlineData("/user/:id", "user/5/6", null), InlineData("/user/{id}", "user/a%2Fb", "id=a%2Fb")]
    [InlineData("/:a/:b", "1/2", "a=1 b=2"), InlineData("/:a/x/:b", "1/X/2", "a=1 b=2"), InlineData("/:a/:b", "/2", null), InlineData("/:a/:b", "1//", null)]
    [InlineData(@"/login/:id(^\d{3}$)", "login/123", "id=123"), InlineData(@"/login/:id(^\d{3}$)", "login/1234", null)]
    [InlineData(@"/login/:id(\d)", "login/a1b", "id=a1b"), InlineData(@"/login/:id(^\d+$)", "login/12%0A", null), InlineData(@"/x/:id(^\d+$)", "x/\u0661", null)]
    [InlineData(@"/x/:id(^(a|b){2}$)", "x/ab", "id=ab"), InlineData("/x/:id(é)", "x/%C3%A9", null)]
    [InlineData("/v:version/x", "v2/x", "version=2"), InlineData("/v:version/x", "V2/x", "version=2"), InlineData("/v:version/x", "w2/x", null)]
    [InlineData("/v:version/x", "v/x", null), InlineData("/v:version/x", "xv2/x", null), InlineData("/v{version}/x", "v2/x", "version=2")]
    [InlineData(@"/v:version(^\d$)/x", "v2/x", "version=2"), InlineData(@"/v:version(^\d$)/x", "vv/x", null)]
    [InlineData("/a%20b", "a%20b", ""), InlineData("/a b", "a%20b", null), InlineData("/a", "a?", null), InlineData("/", "x", null)]
    public void MatchesPartByPart(string route, string path, string? variables) => Match(route, path, false).ShouldBe(variables);

    [Theory]
    [InlineData("/deep/:id/:path(.*)", "deep/1/a/b", "id=1 path=a/b"), InlineData("/deep/:id/:path", "deep/1", null)]
    [InlineData("/deep/:path", "deep/a//b", "path=a//b"), InlineData("/deep/:path", "deep//b", null)]
    [InlineData("/deep/:path", "deep/1/2/3/4/5/6/7/8/9/10/11/12", "path=1/2/3/4/5/6/7/8/9/10/11/12")]
    [InlineData("/files", "files", ""), InlineData("/files", "files/a/b", ""), InlineData("/files", "filesx/a", null), InlineData("/files", "FILES/a", "")]
    [InlineData("/deep/:path(^[^0-9]+$)", "deep/a/b", "path=a/b"), InlineData("/deep/:path(^[^0-9]+$)", "deep/a/1", null), InlineData("/", "a/b", "")]
    public void GivesTheLastPartAllThatFollows(string route, string path, string? variables) => Match(route, path, true).ShouldBe(variables);

    [Theory]
    [InlineData("/files/{*path}", "files/a/b", "path=a/b"), InlineData("/files/{**path}", "files/a", "path=a"), InlineData("/files/{*path}", "files", null)]
    public void KnowsTheFrameworksCatchAll(string route, string path, string? variables) => Match(route, path, false).ShouldBe(variables);

    [Theory]
    [InlineData("files", ""), InlineData("files/a", "a"), InlineData("files/a/b", "a/b"), InlineData("files//b", "/b"), InlineData("files/..%2fx", "..%2fx")]
    public void TellsWhatFollowsAFolder(string path, string tail)
    {
        var route = WebRoute.Parse(new MatchedRoute { Path = "/files", MatchTrailingPathParts = true, Dir = "folder" }, Timeout);

        route.Match(path, Parts(path))!.Tail.ShouldBe(tail);
    }

    [Theory]
    [InlineData("/x/:id([)", "does not compile"), InlineData("/x/:id(a/b)", "not closed"), InlineData("/x/:id(a", "not closed"), InlineData("/x//y", "empty")]
    [InlineData("/x/:", "no name"), InlineData("/x/{}", "no name"), InlineData("/x/{id:int}", "more than a name"), InlineData("/x/{id?}", "more than a name")]
    [InlineData("/x/{id}.json", "nothing may follow"), InlineData("/:a/:a", "twice"), InlineData("/{*a}/b", "only its last part")]
    public void RefusesWhatItDoesNotUnderstand_NamingTheRoute(string path, string why)
    {
        var refusal = Should.Throw<InvalidOperationException>(() => WebRoute.Parse(new MatchedRoute { Path = path, Action = "a" }, Timeout));

        refusal.Message.ShouldContain($"Route {path} cannot be used");
        refusal.Message.ShouldContain(why);
    }

    [Fact]
    public void TakesTheFirstThatMatches_WhateverItBeginsWith()
    {
        var table = Table("/:any/x", "/a/x", "/a/:b", "/:c/:d", "/a/y");

        Found(table, "a/x").ShouldBe("/:any/x");
        Found(table, "A/y").ShouldBe("/a/:b");
        Found(table, "b/x").ShouldBe("/:any/x");
        Found(table, "b/y").ShouldBe("/:c/:d");
        Found(table, "a").ShouldBeNull();
    }

    [Fact]
    public void MatchesARootRoute()
    {
        Found(Table("/", "/a"), "").ShouldBe("/");
        Found(Table("/", "/a"), "a").ShouldBe("/a");
        Found(Table("/a", "/b"), "").ShouldBeNull();
    }

    [Fact]
    public void HasARouteForEachMethodItIsFor()
    {
        var table = new RouteTable([(RouteMethods.Get, Route("/get")), (RouteMethods.All, Route("/all")), (RouteMethods.Head, Route("/get")), (RouteMethods.Post, Route("/post"))]);

        foreach (var method in (string[])["HEAD", "GET", "POST", "PUT", "PATCH", "DELETE"])
        {
            Found(table, "all", method).ShouldBe("/all");
            (Found(table, "get", method) is not null).ShouldBe(method is "GET" or "HEAD");
            (Found(table, "post", method) is not null).ShouldBe(method is "POST");
        }

        foreach (var method in (string[])["OPTIONS", "TRACE", "PROPFIND", "get", ""])
        {
            Found(table, "all", method).ShouldBeNull();
        }
    }

    [Fact]
    public void LooksAmongTheRoutesOfGet_ForHead()
    {
        var table = new RouteTable([(RouteMethods.Get, Route("/:a")), (RouteMethods.Head, Route("/x"))]);

        Found(table, "x", "HEAD").ShouldBe("/x");
        Found(table, "y", "HEAD").ShouldBe("/:a");
        Found(table, "x", "GET").ShouldBe("/:a");
    }

    [Fact]
    public void TakesNamesOfActionsLiterally()
    {
        var table = new RouteTable([(RouteMethods.All, WebRoute.Simple("chat:say")), (RouteMethods.All, WebRoute.Simple("a/{b}"))]);

        Found(table, "CHAT:say").ShouldBe("/chat:say");
        Found(table, "chatty").ShouldBeNull();
        Found(table, "a/{b}").ShouldBe("/a/{b}");
        Found(table, "a/c").ShouldBeNull();
    }

    [Fact]
    public void PassesOverAPatternThatTakesTooLong()
    {
        var table = Table("/x/:a(^(([a-z])+.)+[A-Z]([a-z])+$)", "/x/:b");
        var timedOut = new List<WebRoute>();
        var path = $"x/{new string('a', 60)}";
        var clock = Stopwatch.StartNew();

        var match = table.Match("GET", path, 2, timedOut.Add);

        match!.Route.Path.ShouldBe("/x/:b");
        timedOut.Count.ShouldBe(1);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void FindsWhatAPlainSearchFinds()
    {
        var random = new Random(7);
        string[] words = ["a", "b", ":x", ":y", "c"];
        for (var round = 0; round < 200; round++)
        {
            var routes = Enumerable.Range(0, 8)
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(i => random.GetItems(words, 1)[0] is var word && word[0] == ':' ? $"/{word}{i}" : $"/{word}")))
                .Select(Route)
                .ToArray();
            var table = new RouteTable([.. routes.Select(route => (RouteMethods.Get, route))]);
            for (var i = 0; i < 20; i++)
            {
                var path = string.Join('/', random.GetItems((string[])["a", "b", "c", "d"], random.Next(1, 4)));
                var plain = routes.FirstOrDefault(route => route.Match(path, Parts(path)) is not null);

                table.Match("GET", path, Parts(path), _ => { })?.Route.ShouldBeSameAs(plain?.Description);
                (table.Match("GET", path, Parts(path), _ => { }) is null).ShouldBe(plain is null);
            }
        }
    }

    private static string? Match(string route, string path, bool trailing) =>
        WebRoute.Parse(new MatchedRoute { Path = route, Action = "a", MatchTrailingPathParts = trailing }, Timeout).Match(path, Parts(path)) is { } match
            ? string.Join(' ', Enumerable.Range(0, match.Variables).Select(i => $"{match.NameAt(i)}={match.ValueAt(i)}"))
            : null;

    private static WebRoute Route(string path) => WebRoute.Parse(new MatchedRoute { Path = path, Action = "a" }, Timeout);

    private static RouteTable Table(params string[] paths) => new([.. paths.Select(path => (RouteMethods.All, Route(path)))]);

    private static string? Found(RouteTable table, string path, string method = "GET") => table.Match(method, path, Parts(path), _ => { })?.Route.Path;

    private static int Parts(string path) => path.Length == 0 ? 0 : path.Split('/').Length;
}
