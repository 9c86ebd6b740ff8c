using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Diagnostics;

/// <summary>core.md 5.4: the one line of each run, with secrets and long texts taken out.</summary>
public class ActionLogTests : HostTest
{
    [Fact]
    public async Task L1_WritesOneLineForEachRun()
    {
        var host = await StartAsync(polywire => polywire.MapAction("add", (Add input) => new Done($"{input.A + input.B}")));
        var client = await host.ConnectAsync();

        await client.RunAsync<Done>("add", new { a = 1, b = 2 });

        var line = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions");
        line.Level.ShouldBe(LogLevel.Information);
        line.Id.Id.ShouldBe(Polywire.Diagnostics.EventIds.ActionCompleted);
        line.GetStructuredStateValue("Type").ShouldBe("inline");
        line.GetStructuredStateValue("To").ShouldBe("inline");
        line.GetStructuredStateValue("Action").ShouldBe("add");
        line.GetStructuredStateValue("Params").ShouldBe("""{"a":1,"b":2,"action":"add"}""");
        line.GetStructuredStateValue("Duration").ShouldBe("0");
        line.GetStructuredStateValue("Error").ShouldBeNull();
        line.Message.ShouldStartWith("[ action @ inline ] to=inline action=add params=");
    }

    [Theory]
    [InlineData("nowhere", "unknown action or invalid apiVersion")]
    [InlineData("add", "a is a required parameter for this action")]
    public async Task L1_ErrorsDoNotRaiseTheLevel(string action, string error)
    {
        var host = await StartAsync(polywire => polywire.MapAction("add", (Add input) => new Done($"{input.A + input.B}")));
        var client = await host.ConnectAsync();

        await client.RunAsync<Done>(action).ShouldThrowAsync<ActionException>();

        var line = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions");
        (line.Level, line.GetStructuredStateValue("Action"), line.GetStructuredStateValue("Error")).ShouldBe((LogLevel.Information, action, error));
    }

    [Fact]
    public async Task L1_AnActionHasALevelOfItsOwn()
    {
        var host = await StartAsync(polywire => polywire.MapAction("quiet", (Empty _) => new Done("")).LogAs(LogLevel.Trace));

        await host.RunAsync<Done>("quiet");

        host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions").Level.ShouldBe(LogLevel.Trace);
    }

    [Fact]
    public void L2_CutsLongTexts()
    {
        Describe($$"""{"a":"{{new string('x', 101)}}","b":"{{new string('y', 100)}}"}""")
            .ShouldBe($$"""{"a":"{{new string('x', 100)}}","b":"{{new string('y', 100)}}"}""");
    }

    [Fact]
    public void L2_CutsNoCharacterInHalf()
    {
        Describe($$"""{"a":"{{new string('x', 99)}}😀"}""").ShouldBe($$"""{"a":"{{new string('x', 99)}}"}""");
    }

    [Theory]
    [InlineData("""{"pin":"1234","name":"bob"}""", """{"pin":"[FILTERED]","name":"bob"}""")]
    [InlineData("""{"pin":1234}""", """{"pin":"[FILTERED]"}""")]
    [InlineData("""{"pin":null}""", """{"pin":"[FILTERED]"}""")]
    [InlineData("""{"p\u0069n":{"a":1}}""", """{"pin":"[FILTERED]"}""")]
    [InlineData("""{"pin":1,"pin":2}""", """{"pin":"[FILTERED]"}""")]
    [InlineData("""{"card":{"pin":"1234","owner":"bob"}}""", """{"card":{"pin":"[FILTERED]","owner":"bob"}}""")]
    [InlineData("""{"card":{"chip":{"pin":1,"x":2}}}""", """{"card":{"chip":{"pin":"[FILTERED]","x":2}}}""")]
    [InlineData("""{"cards":[{"pin":1,"x":2},{"pin":3}]}""", """{"cards":[{"pin":"[FILTERED]","x":2},{"pin":"[FILTERED]"}]}""")]
    [InlineData("""{"cards":[[{"pin":1}]]}""", """{"cards":[[{"pin":"[FILTERED]"}]]}""")]
    [InlineData("""{"card":"{\"pin\":1,\"x\":2}"}""", """{"card":"[FILTERED]"}""")]
    [InlineData("""{"cards":" [{\"pin\":1}]"}""", """{"cards":"[FILTERED]"}""")]
    [InlineData("""{"card":"nothing"}""", """{"card":"nothing"}""")]
    [InlineData("""{"other":{"pin":1}}""", """{"other":{"pin":1}}""")]
    [InlineData("""{"other":{"password":1}}""", """{"other":{"password":1}}""")]
    public void I24_SecretsAreFilteredAtAnyDepth(string sent, string expected)
    {
        InputDescriptor[] card = [new("pin") { Secret = true }, new("owner"), new("x"), new("chip") { Members = [new("pin") { Secret = true }, new("x")] }];
        var action = Act.Declaring("a", new InputDescriptor("pin") { Secret = true }, new("name"), new("card") { Members = card }, new("cards") { Members = card });

        Describe(sent, action, wellKnown: false).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"password":"x","a":1}""", """{"password":"[FILTERED]","a":1}""")]
    [InlineData("""{"user":{"token":"x","a":1}}""", """{"user":{"token":"[FILTERED]","a":1}}""")]
    [InlineData("""{"user":{"deep":{"er":[1]}}}""", """{"user":{"deep":{"er":"[FILTERED]"}}}""")]
    [InlineData("""{"user":[{"token":"x"}]}""", """{"user":[{"token":"[FILTERED]"}]}""")]
    [InlineData("""{"token":"x"}""", """{"token":"x"}""")]
    [InlineData("""{"user":"{\"token\":1}"}""", """{"user":"[FILTERED]"}""")]
    public void L2_DottedNamesAreFilteredWithAndWithoutAnAction(string sent, string expected)
    {
        Describe(sent, null, wellKnown: false, "password", "user.token", "user.deep.er").ShouldBe(expected);
        Describe(sent, Act.Declaring("a", "password", "user", "token", "a"), wellKnown: false, "password", "user.token", "user.deep.er").ShouldBe(expected);
    }

    [Fact]
    public async Task L2_TheActionSeesWhatTheLogDoesNot()
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction("login", inputs => inputs.Required("pin", secret: true), (context, _) =>
        {
            context.Response["pin"] = context.Params["pin"];
            return Task.CompletedTask;
        }));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"login","pin":"1234"}""")).ShouldBe("""{"pin":"1234"}""");

        host.Logs.GetSnapshot().ShouldNotContain(entry => entry.Message.Contains("1234"));
    }

    [Fact]
    public async Task I24_SecretMembersOfADelegatesInputAreFilteredToo()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("set", (WithSetter input) => new Done(input.Pin!));
            polywire.MapAction("made", (WithConstructor input) => new Done(input.Pin));
            polywire.MapAction("nested", (WithNested input) => new Done(input.Inner.Pin + input.List[0].Pin));
        });
        var client = await host.ConnectAsync();

        (await client.RunAsync<Done>("set", new { pin = "1234" })).What.ShouldBe("1234");
        (await client.RunAsync<Done>("made", new { pin = "1234" })).What.ShouldBe("1234");
        (await client.RunAsync<Done>("nested", new { inner = new { pin = "1234" }, list = new[] { new { pin = "1234" } } })).What.ShouldBe("12341234");

        host.Logs.GetSnapshot().ShouldNotContain(entry => entry.Message.Contains("1234"));
    }

    [Theory]
    [InlineData("""{"map":{"k":{"pin":"MAPSECRET"}}}""")]
    [InlineData("""{"maps":[{"k":{"pin":"MAPSECRET"}}]}""")]
    [InlineData("""{"node":{"pin":"MAPSECRET","child":{"pin":"MAPSECRET","child":{"pin":"MAPSECRET"}}}}""")]
    [InlineData("""{"node":{"more":[{"pin":"MAPSECRET"}]}}""")]
    [InlineData("""{"lost":{"map":{"k":{"pin":"MAPSECRET"}}}}""")]
    public async Task I24_SecretsInTablesAndTreesOfGeneratedActionsAreFiltered(string parameters)
    {
        var host = await StartAsync(polywire => polywire.AddAction(Generated.Polywire_Tests_Actions.Polywire_Tests_Diagnostics_SecretsAction()));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":"secrets",{{parameters[1..]}}""")).ShouldBe("""{"response":"done"}""");

        var line = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions");
        line.Message.ShouldContain("[FILTERED]");
        line.Message.ShouldNotContain("MAPSECRET");
    }

    [Theory]
    [InlineData("""{"action":"login","apiVersion":9,"pin":"HIDDEN","name":"bob"}""", "bob")]
    [InlineData("""{"action":"nowhere","pin":"HIDDEN","name":"bob"}""", "bob")]
    [InlineData("""{"action":"nowhere","card":{"chip":{"code":"HIDDEN","kind":"x"}}}""", "kind")]
    [InlineData("""{"card":"{\"chip\":{\"code\":\"HIDDEN\"}}","name":"bob"}""", "bob")]
    public async Task I24_ARunThatFoundNoActionHidesWhatIsSecretInAny(string parameters, string shown)
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapDynamicAction("login", inputs => inputs.Required("pin", secret: true).Required("name"), (_, _) => Task.CompletedTask);
            polywire.MapDynamicAction("other", inputs => inputs.Optional("pin"), (_, _) => Task.CompletedTask);
            polywire.MapDynamicAction("pay", inputs => inputs.Nested("card", card => card.Nested(
                "chip", chip => chip.Optional("kind").Required("code", secret: true))), (_, _) => Task.CompletedTask);
        });
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, parameters)).ShouldBe("""{"error":"unknown action or invalid apiVersion"}""");

        var line = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions");
        line.Message.ShouldNotContain("HIDDEN");
        line.Message.ShouldContain("[FILTERED]");
        line.Message.ShouldContain(shown);
    }

    [Fact]
    public async Task ANameThatNoActionHasIsCutAndBreaksNoLine()
    {
        var host = await StartAsync(_ => { });
        var client = await host.ConnectAsync();

        await AnswerAsync(client, $$"""{"action":"forged\nline{{new string('x', 5000)}}"}""");

        var line = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions");
        line.GetStructuredStateValue("Action").ShouldNotBeNull().Length.ShouldBeLessThanOrEqualTo(100);
        line.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task WhatIsNotLoggedIsNotDescribed()
    {
        var host = await StartAsync(
            polywire => polywire.MapAction("quiet", (Empty _) => new Done("")).LogAs(LogLevel.Debug),
            options => options.MinimumLogLevel = LogLevel.Information);

        await host.RunAsync<Done>("quiet");

        host.Logs.GetSnapshot().ShouldNotContain(entry => entry.Category == "Polywire.Actions");
    }

    [Fact]
    public async Task L2_APortedLoginShowsNoPassword_OnAnActionOfItsOwnNorOnNone()
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction(
            "session:auth", inputs => inputs.Required("username").Required("password"), (_, _) => throw new ActionException("no")));
        var client = await host.ConnectAsync();

        await AnswerAsync(client, """{"action":"session:auth","username":"bob","password":"HIDDEN"}""");
        await AnswerAsync(client, """{"action":"session:auth","username":"bob","pass_word":"HIDDEN","user":{"PassWord":"HIDDEN"}}""");
        await AnswerAsync(client, """{"action":"sesion:auth","username":"bob","password":"HIDDEN"}""");

        var lines = host.Logs.GetSnapshot().Where(entry => entry.Category == "Polywire.Actions").ToList();
        lines.Count.ShouldBe(3);
        lines.ShouldAllBe(line => line.Message.Contains("bob") && line.Message.Contains("[FILTERED]") && !line.Message.Contains("HIDDEN"));
    }

    [Fact]
    public async Task L2_ASecretOfOneActionIsHiddenWhereItIsSentToAnother()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapDynamicAction("login", inputs => inputs.Required("code", secret: true), (_, _) => Task.CompletedTask);
            polywire.MapDynamicAction("other", inputs => inputs.Optional("a"), (_, _) => Task.CompletedTask);
        });
        var client = await host.ConnectAsync();

        await AnswerAsync(client, """{"action":"other","a":"shown","code":"HIDDEN"}""");

        host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions").GetStructuredStateValue("Params").ShouldBe("""{"action":"other","a":"shown","code":"[FILTERED]"}""");
    }

    [Fact]
    public async Task TheErrorOfARunIsOneLine()
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction(
            "fail", inputs => inputs.Required("a"), (context, _) => throw new ActionException($"no {context.Params["a"]}{new string('x', 5000)}")));
        var client = await host.ConnectAsync();

        await AnswerAsync(client, """{"action":"fail","a":"\n\u009b31m\u2028"}""");

        var error = host.Logs.GetSnapshot().Single(entry => entry.Category == "Polywire.Actions").GetStructuredStateValue("Error").ShouldNotBeNull();
        error.ShouldStartWith(@"no \u000a\u009b31m\u2028xxx");
        error.Length.ShouldBe(1024);
    }

    private static string Describe(string json, ActionDescriptor? action = null, bool wellKnown = true, params string[] filtered)
    {
        var options = new PolywireOptions { FilterWellKnownNames = wellKnown };
        foreach (var name in filtered)
        {
            options.FilteredParams.Add(name);
        }

        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider()));
        var set = Act.Set(json);
        try
        {
            return new ActionLog(loggers, Options.Create(options)).Describe(set, action?.Inputs ?? [], []);
        }
        finally
        {
            set.Release();
        }
    }

    private sealed record Add(int A, int B);

    private sealed record WithSetter
    {
        [Secret]
        public string? Pin { get; init; }
    }

    private sealed record WithConstructor([Secret] string Pin);

    private sealed record WithNested(WithConstructor Inner, WithSetter[] List, WithNested? Again = null);
}
