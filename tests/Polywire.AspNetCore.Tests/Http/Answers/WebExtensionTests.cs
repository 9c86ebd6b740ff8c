#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Http.Answers;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>The content type of an action's answer: what the action named, what the path's extension says, and what an extension never says.</summary>
public sealed class WebExtensionTests(WebExtensionTests.Shared shared) : IClassFixture<WebExtensionTests.Shared>
{
    private const string Script = "<script>alert(1)</script>";

    private static readonly string[] ActiveTypes =
        ["text/html", "+xml", "/xml", "svg", "script", "text/css", "pdf", "wasm", "shockwave", "java", "silverlight", "hta", "htm", "multipart", "message", "component"];

    private static readonly string[] Kinds = ["Object", "Word", "Text", "Bytes", "Stream"];

    /// <summary>Every extension that the framework knows, and a few spellings, for every kind of answer, without a type of the action's.</summary>
    [Fact]
    public async Task NoExtensionMakesAnAnswerAPageOrAProgram()
    {
        var provider = new FileExtensionContentTypeProvider();
        var given = 0;
        var refused = 0;
        foreach (var (extension, type) in provider.Mappings)
        {
            var isActive = ActiveTypes.Any(word => type.Contains(word, StringComparison.OrdinalIgnoreCase))
                || (type.StartsWith("text/", StringComparison.Ordinal) && type is not ("text/plain" or "text/csv" or "text/tab-separated-values" or "text/calendar" or "text/vcard" or "text/x-vcard" or "text/richtext" or "text/markdown"));
            if (isActive)
            {
                ExtensionTypes.IsInert(type).ShouldBeFalse(extension);
                ExtensionTypes.IsInert($"{type.ToUpperInvariant()} ; charset=utf-8").ShouldBeFalse(extension);
                refused++;
            }
            else
            {
                given += ExtensionTypes.IsInert(type) ? 1 : 0;
            }
        }

        given.ShouldBeGreaterThan(200);
        refused.ShouldBeGreaterThan(50);
        foreach (var extension in (string[])["html", "HTML", "htm", "xhtml", "xht", "svg", "svgz", "xml", "xsl", "xslt", "rss", "js", "mjs", "css", "pdf", "swf", "wasm", "mht", "manifest", "hta", "htc"])
        {
            foreach (var kind in Kinds)
            {
                var answer = await shared.Host.GetAsync($"/api/ext{kind}/{Uri.EscapeDataString(Script)}.{extension}");

                answer.Status.ShouldBe(200);
                answer["content-type"].ShouldBe(TypeOf(kind), $"{kind} .{extension}");
                answer.Text.ShouldContain(kind is "Object" or "Word" ? "script" : Script);
            }
        }
    }

    [Theory]
    [InlineData("png", "image/png")]
    [InlineData("gif", "image/gif")]
    [InlineData("txt", "text/plain")]
    [InlineData("csv", "text/csv")]
    [InlineData("zip", "application/x-zip-compressed")]
    [InlineData("gz", "application/x-gzip")]
    [InlineData("mp3", "audio/mpeg")]
    [InlineData("bin", "application/octet-stream")]
    [InlineData("json", "application/json")]
    public async Task TakesOtherTypesOfTheExtension(string extension, string type)
    {
        foreach (var kind in Kinds)
        {
            var answer = await shared.Host.GetAsync($"/api/ext{kind}/12.{extension}");

            answer["content-type"].ShouldBe(type, kind);
            answer["x-content-type-options"].ShouldBe(type == "application/json" ? null : "nosniff", kind);
        }
    }

    [Theory, InlineData(""), InlineData(".nosuch"), InlineData("."), InlineData(".png/")]
    public async Task LeavesTheTypeWithoutAKnownExtension(string end)
    {
        foreach (var kind in Kinds)
        {
            (await shared.Host.GetAsync($"/api/ext{kind}/12{end}"))["content-type"].ShouldBe(TypeOf(kind), kind);
        }
    }

    [Theory, InlineData("txt"), InlineData("csv"), InlineData("png"), InlineData("html"), InlineData("json"), InlineData("nosuch")]
    public async Task KeepsWhatTheActionNamed(string extension)
    {
        (await shared.Host.GetAsync($"/api/namedText/12.{extension}"))["content-type"].ShouldBe("text/csv; charset=utf-8; header=present");
        (await shared.Host.GetAsync($"/api/namedPlain/12.{extension}"))["content-type"].ShouldBe("text/plain; charset=utf-8");
        (await shared.Host.GetAsync($"/api/namedBytes/12.{extension}"))["content-type"].ShouldBe("image/x-thing");
        (await shared.Host.GetAsync($"/api/namedStream/12.{extension}"))["content-type"].ShouldBe("text/html; charset=utf-8");
        (await shared.Host.GetAsync($"/api/headedText/12.{extension}"))["content-type"].ShouldBe("text/x-own; charset=utf-8");
        (await shared.Host.GetAsync($"/api/headedWord/12.{extension}"))["content-type"].ShouldBe("text/x-own; charset=utf-8");
        (await shared.Host.GetAsync($"/api/headedObject/12.{extension}"))["content-type"].ShouldBe("application/vnd.own+json");
    }

    [Theory]
    [InlineData("/api/x.txt?action=extObject")]
    [InlineData("/api/x.png?action=extObject")]
    [InlineData("/api/some/path.csv?action=extObject")]
    [InlineData("/api?action=extObject&x=y.png")]
    [InlineData("/api/extObject?x=y.png")]
    [InlineData("/api/extOff/12.png")]
    public async Task CountsOnlyInAPathThatIsTheActions(string target) =>
        (await shared.Host.GetAsync(target))["content-type"].ShouldBe(TypeOf("Object"));

    [Fact]
    public async Task CountsInTheNameOfAnAction()
    {
        var answer = await shared.Host.GetAsync("/api/report.csv");

        (answer["content-type"], answer.Text, answer["x-content-type-options"]).ShouldBe(("text/csv", "a;b", "nosniff"));
    }

    [Fact]
    public async Task AnErrorIsJson()
    {
        var answer = await shared.Host.GetAsync("/api/extFails/12.png");

        (answer.Status, answer["content-type"]).ShouldBe((400, "application/json; charset=utf-8"));
    }

    [Fact]
    public async Task AnObjectStaysJson_WhateverItIsCalled()
    {
        var answer = await shared.Host.GetAsync("/api/extObject/%3Cb%3E.txt");

        answer["content-type"].ShouldBe("text/plain");
        answer.Text.ShouldNotContain("<");
        JsonDocument.Parse(answer.Text).RootElement.GetProperty("id").GetString().ShouldBe("<b>.txt");
        (await shared.Host.GetAsync("/api/extWord/%3Cb%3E.txt")).Text.ShouldBe("<b>.txt");
    }

    private static string TypeOf(string kind) => kind switch
    {
        "Object" or "Word" => "application/json; charset=utf-8",
        "Text" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    private static void Map(IPolywireBuilder polywire)
    {
        Add("extObject", (id, context) => new IdInput(id));
        Add("extWord", (id, _) => id);
        Add("extText", (id, _) => ActionResult.Text(id));
        Add("extBytes", (id, _) => ActionResult.Bytes(Encoding.UTF8.GetBytes(id)));
        Add("extStream", (id, _) => ActionResult.Stream(new MemoryStream(Encoding.UTF8.GetBytes(id))));
        Add<string>("extFails", (_, _) => throw new ActionException("no"));
        Add("extOff", (id, _) => new IdInput(id)).MatchExtensionMimeType(false);
        Add("namedText", (id, _) => ActionResult.Text(id, "text/csv; charset=utf-8; header=present"));
        Add("namedPlain", (id, _) => ActionResult.Text(id, "text/plain; charset=utf-8"));
        Add("namedBytes", (_, _) => ActionResult.Bytes(new byte[] { 1 }, "image/x-thing"));
        Add("namedStream", (_, _) => ActionResult.Stream(new MemoryStream(), "text/html; charset=utf-8"));
        Add("headedText", (id, context) => Headed(context, "text/x-own; charset=utf-8", ActionResult.Text(id)));
        Add("headedWord", (id, context) => Headed(context, "text/x-own; charset=utf-8", id));
        Add("headedObject", (id, context) => Headed(context, "application/vnd.own+json", new IdInput(id)));
        polywire.MapAction<IdInput, ActionResult>("report.csv", _ => ActionResult.Text("a;b"));

        ActionBuilder Add<T>(string name, Func<string, ActionContext, T> run) =>
            polywire.MapAction<IdInput, T>(name, (input, context) => run(input.Id ?? "", context)).WithRoute(RouteMethods.Get, $"/{name}/{{id}}");

        static T Headed<T>(ActionContext context, string type, T answer)
        {
            context.Http!.SetHeader("Content-Type", type);
            return answer;
        }
    }

    internal sealed record IdInput(string? Id);

    public sealed class Shared : IAsyncLifetime
    {
        internal WebHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await WebHost.StartAsync(add: (_, polywire) => Map(polywire));

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
