using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Actions;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

public class ResponseWriterTests : HostTest
{
    [Theory]
    [InlineData("object", """{"what":"x"}""")]
    [InlineData("text", """{"response":"te\"xt"}""")]
    [InlineData("number", """{"response":42}""")]
    [InlineData("list", """{"response":[1,2]}""")]
    [InlineData("null", "{}")]
    [InlineData("plain", """{"response":"plain text"}""")]
    [InlineData("json", """{"what":"json"}""")]
    [InlineData("json null", "{}")]
    [InlineData("attachment", """{"error":"this answer can only be sent on the web"}""")]
    [InlineData("empty", "{}")]
    public async Task WritesEveryKindOfAnswerAsAnObject(string action, string expected)
    {
        var host = await StartAsync(polywire => polywire
            .AddAction(Act.Sync("object", _ => new Done("x")))
            .AddAction(Act.Sync("text", _ => "te\"xt"))
            .AddAction(Act.Sync("number", _ => 42))
            .AddAction(Act.Sync("list", _ => new[] { 1, 2 }))
            .AddAction(Act.Sync<Done?>("null", _ => null))
            .AddAction(Act.Sync("plain", _ => ActionResult.Text("plain text")))
            .AddAction(Act.Sync("json", _ => ActionResult.Json(new Done("json"))))
            .AddAction(Act.Sync("json null", _ => ActionResult.Json(null)))
            .AddAction(Act.Sync("attachment", _ => ActionResult.File("x")))
            .AddAction(Act.Sync("empty", _ => new Empty())));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":"{{action}}"}""")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"action":"both"}""", """{"a":1,"b":[2],"c":3,"what":"beside"}""")]
    [InlineData("""{"action":"null"}""", """{"a":1,"b":[2],"c":3,"what":null}""")]
    public async Task AKeySetBesideTheAnswerReplacesTheAnswersOwn(string request, string expected)
    {
        var host = await StartAsync(polywire => polywire
            .AddAction(Act.Sync("both", context => Answer(context, "beside")))
            .AddAction(Act.Sync("null", context => Answer(context, null))));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, request)).ShouldBe(expected);

        static object Answer(ActionContext context, string? beside)
        {
            context.Response["what"] = beside;
            return new { a = 1, what = "own", b = new[] { 2 }, c = 3 };
        }
    }

    [Theory]
    [InlineData("typed")]
    [InlineData("node")]
    [InlineData("extra")]
    public async Task DropsTheKeysThatAreTheProtocols(string action)
    {
        var host = await StartAsync(polywire => polywire
            .AddAction(Act.Sync("typed", _ => new { context = 1, a = 2, messageId = new[] { 3 }, b = 4 }))
            .AddAction(Act.Sync("node", _ => new JsonObject { ["a"] = 2, ["context"] = new JsonObject { ["a"] = 9 }, ["b"] = 4, ["messageId"] = 3 }))
            .AddAction(Act.Sync<Done?>("extra", context =>
            {
                foreach (var (name, value) in new[] { ("messageId", 3), ("a", 2), ("b", 4), ("context", 1) })
                {
                    context.Response[name] = value;
                }

                return null;
            })));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":"{{action}}"}""", "context", "messageId")).ShouldBe("""{"a":2,"b":4}""");
    }

    [Fact]
    public async Task DropsEveryMemberWhereAllAreTheProtocols()
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("a", context =>
        {
            context.Response["x"] = 1;
            return new { context = 1, messageId = 2 };
        })));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"a"}""", "context", "messageId")).ShouldBe("""{"x":1}""");
    }

    [Fact]
    public async Task AddsTheKeysThatStandBesideTheResult()
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("a", context =>
        {
            context.Response["n"] = null;
            context.Response["k\"ey"] = new[] { 1 };
            return new Done("x");
        })));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"a"}""")).ShouldBe("""{"what":"x","n":null,"k\"ey":[1]}""");
    }

    [Fact]
    public async Task P10_AnErrorThatTheAnswerHasIsKept()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.AddAction(Act.Sync("typed", _ => new { error = "mine" }));
            polywire.AddAction(Act.Sync<Done?>("extra", context =>
            {
                context.Response["error"] = "mine";
                throw new ActionException("theirs");
            }));
            polywire.Services.AddSingleton(new MiddlewareRegistration(1, _ => new LambdaMiddleware(async (context, next) =>
            {
                await next(context);
                context.Error ??= new ActionError { Status = ActionStatus.GenericError, Message = "theirs" };
            })));
        });
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"typed"}""")).ShouldBe("""{"error":"mine"}""");
        (await AnswerAsync(client, """{"action":"extra"}""")).ShouldBe("""{"error":"mine"}""");
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("half")]
    [InlineData("extra")]
    [InlineData("error")]
    public async Task AnAnswerThatCannotBeWrittenIsAnsweredAsOurFault(string action)
    {
        ExpectedErrors = entry => entry.Id.Id == Polywire.Diagnostics.EventIds.AnswerNotSerializable;
        var host = await StartAsync(polywire => polywire
            .AddAction(Act.Sync<object>("throws", _ => new Throwing()))
            .AddAction(Act.Sync<object>("half", _ => new object[] { new Done(new string('x', 5000)), new Throwing() }))
            .AddAction(Act.Sync("extra", context =>
            {
                context.Response["fine"] = 1;
                context.Response["bad"] = new Throwing();
                return new Done("x");
            }))
            .AddAction(Act.Sync<Done>("error", _ => throw new ActionException("told") { Value = new Throwing() })));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":"{{action}}"}""")).ShouldBe("""{"error":"internal error"}""");
        (await AnswerAsync(client, """{"action":"nowhere"}""")).ShouldBe("""{"error":"unknown action or invalid apiVersion"}""");
        host.Logs.GetSnapshot().Count(entry => entry.Level == LogLevel.Error).ShouldBe(1);
    }

    [Fact]
    public async Task ATypeThatCannotBeWrittenAtAllStopsTheStart()
    {
        await Polywire.Testing.PolywireTestHost.StartAsync(polywire => polywire.AddAction(Act.Sync("a", _ => new Cyclic())))
            .ShouldThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task LargeAnswersAreWrittenWhole()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => "é" + i % 10));
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("a", context =>
        {
            context.Response["context"] = "dropped";
            context.Response["more"] = text;
            return new { context = text, what = text };
        })));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"a"}""", "context")).ShouldBe($$"""{"what":"{{text}}","more":"{{text}}"}""");
    }

    private sealed class Throwing
    {
        public string Before { get; } = "before";

        public string Value => Before.Length > 0 ? throw new InvalidOperationException("cannot be read") : Before;
    }

    private sealed class Cyclic
    {
        public Cyclic? Self { get; set; }

        public Span<byte> Bytes => Self is null ? default : Self.Bytes;
    }
}
