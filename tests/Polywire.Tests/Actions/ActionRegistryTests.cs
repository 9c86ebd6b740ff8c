using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Actions;
using Polywire.Doors;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Actions;

public class ActionRegistryTests : HostTest
{
    [Theory]
    [InlineData(new[] { "1", "2", "10" }, "10")]
    [InlineData(new[] { "10", "9.5", "9" }, "10")]
    [InlineData(new[] { "1", "beta", "2" }, "beta")]
    [InlineData(new[] { "beta", "alpha", "Beta" }, "beta")]
    [InlineData(new[] { "-1", "0" }, "0")]
    public async Task P7_TheLatestVersionIsTheHighest(string[] versions, string latest)
    {
        var host = await StartAsync(polywire => Add(polywire, versions));

        (await host.RunAsync<Done>("v")).What.ShouldBe(latest);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"1\"", "1")]
    [InlineData("1.0", "1")]
    [InlineData("1e0", "1")]
    [InlineData("2.5", "2.5")]
    [InlineData("\"2.5\"", "2.5")]
    [InlineData("\"beta\"", "beta")]
    [InlineData("\"é\"", "é")]
    [InlineData("null", "é")]
    [InlineData("0", "é")]
    [InlineData("false", "é")]
    [InlineData("\"\"", "é")]
    [InlineData("3", null)]
    [InlineData("\"1.0\"", null)]
    [InlineData("\"BETA\"", null)]
    [InlineData("true", null)]
    [InlineData("[1]", null)]
    [InlineData("{}", null)]
    public async Task P6_FindsTheVersionThatWasAskedFor(string apiVersion, string? expected)
    {
        var host = await StartAsync(polywire => Add(polywire, "1", "2.5", "beta", "é"));
        var client = await host.ConnectAsync();

        var answer = await AnswerAsync(client, $$"""{"action":"v","apiVersion":{{apiVersion}}}""");

        answer.ShouldBe(expected is null ? """{"error":"unknown action or invalid apiVersion"}""" : $$"""{"what":"{{expected}}"}""");
    }

    [Theory]
    [InlineData("\"v\\u0061lue\"", "value")]
    [InlineData("\"é\"", "é")]
    [InlineData("\"\\u00e9\"", "é")]
    [InlineData("\"日本\"", "日本")]
    [InlineData("\"a-very-long-name-a-very-long-name-a-very-long-name-a-very-long-name-a-very-long-name\"", "long")]
    public async Task FindsNamesHoweverTheyAreSpelled(string sent, string what)
    {
        var names = new[] { "value", "é", "日本", "a-very-long-name-a-very-long-name-a-very-long-name-a-very-long-name-a-very-long-name" };
        var host = await StartAsync(polywire =>
        {
            foreach (var name in names)
            {
                polywire.AddAction(Act.Sync(name, _ => new Done(name.Length > 10 ? "long" : name)));
            }
        });
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":{{sent}}}""")).ShouldBe($$"""{"what":"{{what}}"}""");
    }

    [Fact]
    public async Task A3_TheLaterOfTwoWithOneNameAndVersionStaysAndAWarningSaysSo()
    {
        var host = await StartAsync(polywire => polywire
            .AddAction(Act.Sync("v", _ => new Done("first")))
            .AddAction(Act.Sync("v", _ => new Done("second"), "1.0")));

        (await host.RunAsync<Done>("v")).What.ShouldBe("second");

        var warning = host.Logs.GetSnapshot().Single(entry => entry.Level == LogLevel.Warning);
        warning.Id.Id.ShouldBe(Polywire.Diagnostics.EventIds.ActionReplaced);
        warning.Message.ShouldContain("v v1");
        host.Services.GetRequiredService<IActions>().All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A2_NoActionMayHaveTheNameOfAVerb()
    {
        foreach (var verb in VerbTable.Names)
        {
            var error = await PolywireTestHost.StartAsync(polywire => polywire.AddAction(Act.Declaring(verb, Array.Empty<string>())))
                .ShouldThrowAsync<InvalidOperationException>();

            error.Message.ShouldContain($"`{verb}`");
        }

        VerbTable.Names.Count().ShouldBeGreaterThanOrEqualTo(13);
    }

    [Fact]
    public async Task WhatRunsOnTheWebAloneMayHaveTheNameOfAVerb()
    {
        foreach (var verb in VerbTable.Names)
        {
            await StartAsync(polywire => polywire.MapAction(verb, (Empty _) => true).AllowTransport(Transports.Web | Transports.InProcess));
            await StartAsync(polywire =>
                polywire.MapAction(verb, (Empty _) => true).BlockTransport(Transports.WebSocket | Transports.Socket | Transports.Sockhop));
        }

        await StartAsync(polywire => polywire.MapAction("say", (Empty _) => true).AllowTransport(Transports.Web | Transports.Sockhop))
            .ShouldThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task AnActionThatComesAfterTheStartIsRefused()
    {
        var host = await StartAsync(_ => { });

        var error = Should.Throw<InvalidOperationException>(
            () => host.Services.GetRequiredService<ActionRegistry>().Add(Act.Declaring("late", Array.Empty<string>())));

        error.Message.ShouldContain("late v1");
    }

    [Fact]
    public async Task WhatIsSaidOfAnActionAfterTheStartIsRefused()
    {
        ActionBuilder? builder = null;
        var host = await StartAsync(polywire => builder = polywire.MapAction("early", (Empty _) => true));
        var action = host.Services.GetRequiredService<IActions>().All.Single();
        Action[] late =
        [
            () => builder!.WithVersion(2),
            () => builder!.WithMetadata("late"),
            () => builder!.WithRoute(RouteMethods.Get, "/late"),
            () => builder!.AllowTransport(Transports.Web),
            () => action.BlockedTransports = Transports.Web,
            () => action.Description = "late",
            () => action.Inputs = [],
            () => action.Timeout = TimeSpan.Zero,
            () => action.LogLevel = LogLevel.Trace,
            () => action.Documented = false,
            () => action.OutputExample = 1,
            () => action.Middleware = [],
            () => action.PostProcessors = [],
        ];

        foreach (var say in late)
        {
            Should.Throw<InvalidOperationException>(say).Message.ShouldContain("early v1");
        }
    }

    [Fact]
    public async Task AllIsSortedByNameAndVersion()
    {
        var host = await StartAsync(polywire =>
        {
            Add(polywire, "10", "beta", "2");
            polywire.AddAction(Act.Declaring("a", Array.Empty<string>()));
            polywire.AddAction(Act.Declaring("B", Array.Empty<string>()));
        });

        host.Services.GetRequiredService<IActions>().All.Select(action => action.ToString())
            .ShouldBe(["B v1", "a v1", "v v2", "v v10", "v vbeta"]);
    }

    [Fact]
    public async Task I12_KnowsThePostVariablesOfAllActions()
    {
        var host = await StartAsync(
            polywire => polywire.AddAction(Act.Declaring("a", "one")).AddAction(Act.Declaring("b", "two")),
            options => options.ConfigurePolywire(polywire => polywire.SafeParams.Add("safe")));

        var known = host.Services.GetRequiredService<ActionRegistry>().PostVariables.ShouldNotBeNull();

        new[] { "one", "two", "safe", "action", "apiVersion", "callback", "file", "messageId" }.ShouldAllBe(name => known.Allows(name));
        known.Allows("three").ShouldBeFalse();
    }

    [Fact]
    public async Task I1_AnActionReceivesItsInputsAndTheSafeOnes()
    {
        var host = await StartAsync(
            polywire => polywire.AddAction(Act.Declaring("a", "one")).AddAction(Act.Declaring("b", "two")),
            options => options.ConfigurePolywire(polywire => polywire.SafeParams.Add("safe")));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"a","one":1,"two":2,"safe":3,"stranger":4,"messageId":5}"""))
            .ShouldBe("""{"action":"a","one":1,"safe":3,"messageId":5,"apiVersion":1}""");
    }

    [Fact]
    public async Task I1_WithoutScrubbingAnActionReceivesEverything()
    {
        var host = await StartAsync(
            polywire => polywire.AddAction(Act.Declaring("a", "one")),
            options => options.ConfigurePolywire(polywire => polywire.DisableParamScrubbing = true));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"a","one":1,"stranger":4}""")).ShouldBe("""{"action":"a","one":1,"stranger":4,"apiVersion":1}""");
        host.Services.GetRequiredService<ActionRegistry>().PostVariables.ShouldBeNull();
    }

    [Theory]
    [InlineData("1", "1", true, 1)]
    [InlineData("1.0", "1", true, 1)]
    [InlineData("2.50", "2.5", true, 2.5)]
    [InlineData("-1", "-1", true, -1)]
    [InlineData("beta", "beta", false, 0)]
    [InlineData("1e3", "1e3", false, 0)]
    [InlineData("1,000", "1,000", false, 0)]
    public void ReadsVersions(string text, string shown, bool isNumber, double number)
    {
        var version = ActionVersion.Parse(text);

        (version.ToString(), version.IsNumber, version.Number).ShouldBe((shown, isNumber, number));
        ActionVersion.Parse(shown).ShouldBe(version);
        ActionVersion.Parse(shown).GetHashCode().ShouldBe(version.GetHashCode());
    }

    [Fact]
    public void ComparesVersions()
    {
        ActionVersion[] ordered = [.. new[] { "-1", "0", "2", "2.5", "10", "Alpha", "alpha", "beta" }.Select(ActionVersion.Parse)];

        ordered.Reverse().Order().ShouldBe(ordered);
        (ordered[0] < ordered[1]).ShouldBeTrue();
        (ordered[1] <= ordered[0]).ShouldBeFalse();
        (ordered[4] > ordered[3]).ShouldBeTrue();
        (ordered[5] >= ordered[4]).ShouldBeTrue();
        (new ActionVersion(2) == ordered[2]).ShouldBeTrue();
        (new ActionVersion(2) != ordered[2]).ShouldBeFalse();
    }

    private static void Add(IPolywireBuilder polywire, params string[] versions)
    {
        foreach (var version in versions)
        {
            polywire.AddAction(Act.Sync("v", _ => new Done(version), version));
        }
    }
}
