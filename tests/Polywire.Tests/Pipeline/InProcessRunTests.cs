using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>core.md P-24: actions run by code of the application.</summary>
public class InProcessRunTests : HostTest
{
    [Fact]
    public async Task ARunThatJoinsARoomIsNoMemberAfterwards()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.AddRooms("lobby");
            polywire.MapAction<Empty, Done>("join", async (_, context, token) =>
            {
                var rooms = context.Services.GetRequiredService<IRooms>();
                await rooms.AddAsync(context.Connection, "lobby", token);
                return new Done($"{(await rooms.StatusAsync("lobby", token)).MembersCount}");
            });
        });
        var actions = host.Services.GetRequiredService<IActions>();

        (await actions.RunAsync<Done>("join")).What.ShouldBe("1");
        (await actions.RunAsync<Done>("join")).What.ShouldBe("1");

        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
    }

    [Fact]
    public async Task ARunWithinARunHasItsUser()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("who", (Empty _, ActionContext context) => new Done(context.Connection.User.Identity?.Name ?? "nobody"));
            polywire.MapAction<Empty, Done>("outer", async (_, context, _) =>
                await context.Services.GetRequiredService<IActions>().RunAsync<Done>(context, "who"));
        });
        var ann = await host.ConnectAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")], "test")));

        (await ann.RunAsync<Done>("outer")).What.ShouldBe("ann");
        (await host.Services.GetRequiredService<IActions>().RunAsync<Done>("who")).What.ShouldBe("nobody");
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"action":"nowhere","a":1}""", """{"a":1}""")]
    [InlineData("""{"a":{"b":1,"b":2},"a":{"b":3,"b":4}}""", """{"a":{"b":3,"b":4}}""")]
    [InlineData("""{ }""", """{}""")]
    public async Task OfADoubledMemberTheLastCounts(string input, string seen)
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction("t", inputs => inputs.Optional("a"), (context, _) =>
        {
            if (context.Params.TryGet("a", out var a))
            {
                context.Response["a"] = a;
            }

            return Task.CompletedTask;
        }));
        var actions = host.Services.GetRequiredService<IActions>();
        var client = await host.ConnectAsync();
        var element = System.Text.Json.JsonDocument.Parse(input).RootElement;

        foreach (var value in (object[])[element, System.Text.Json.Nodes.JsonNode.Parse(input)!, System.Text.Json.Nodes.JsonObject.Create(element)!])
        {
            (await actions.RunAsync<System.Text.Json.JsonElement>("t", value)).GetRawText().ShouldBe(seen);
            (await client.RunAsync<System.Text.Json.JsonElement>("t", value)).GetRawText().ShouldBe(seen);
        }
    }

    [Theory]
    [InlineData("[1]"), InlineData("1"), InlineData("null"), InlineData("\"{}\"")]
    public async Task AnInputIsAnObject(string input)
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction("t", _ => { }, (_, _) => Task.CompletedTask));

        await host.Services.GetRequiredService<IActions>().RunAsync<object>("t", System.Text.Json.JsonDocument.Parse(input).RootElement).AsTask()
            .ShouldThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task AnAnswerThatCannotBeWrittenIsNoValue()
    {
        var host = await StartAsync(polywire => polywire.MapAction("nan", (Empty _) => new Measured([new Measure(1), new Measure(double.NaN)])));
        ExpectedErrors = entry => entry.Message.Contains("could not be written as JSON");

        var error = await host.Services.GetRequiredService<IActions>().RunAsync<Done>("nan").AsTask().ShouldThrowAsync<InvalidOperationException>();

        error.Message.ShouldContain("nan v1");
        host.Logs.GetSnapshot().Single(entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Error).Exception!.Message.ShouldStartWith("$.all[1].value is not a number");
    }

    [Fact]
    public async Task AFileIsNoValue()
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("download", _ => ActionResult.File("a.txt"))));

        var error = await host.Services.GetRequiredService<IActions>().RunAsync<Done>("download").AsTask().ShouldThrowAsync<InvalidOperationException>();

        error.Message.ShouldContain("download v1");
        error.Message.ShouldContain("a.txt");
    }

    [Fact]
    public async Task NoAnswerIsNoValueEither()
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("none", _ => ActionResult.None)));

        (await host.Services.GetRequiredService<IActions>().RunAsync<Done?>("none")).ShouldBeNull();
    }

    private sealed record Measure(double Value);

    private sealed record Measured(Measure[] All);
}
