using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Actions;

/// <summary>core.md 3: default, formatter, validator, required, members.</summary>
public class DynamicActionTests : HostTest
{
    [Theory]
    [InlineData("{}", """{"error":"key is a required parameter for this action"}""")]
    [InlineData("""{"key":""}""", """{"error":"key is a required parameter for this action"}""")]
    [InlineData("""{"key":null}""", """{"error":"key is a required parameter for this action"}""")]
    [InlineData("""{"key":false}""", """{"key":false,"limit":10}""")]
    [InlineData("""{"key":0}""", """{"key":0,"limit":10}""")]
    [InlineData("""{"key":[]}""", """{"key":[],"limit":10}""")]
    [InlineData("""{"key":"a","limit":"7"}""", """{"key":"a","limit":7}""")]
    [InlineData("""{"key":"a","limit":7.6}""", """{"key":"a","limit":8}""")]
    [InlineData("""{"key":"a","limit":"x"}""", """{"error":"Input for parameter \"limit\" failed validation!"}""")]
    [InlineData("""{"key":"a","limit":{}}""", """{"error":"Input for parameter \"limit\" failed validation!"}""")]
    [InlineData("""{"key":"a","limit":null}""", """{"key":"a","limit":0}""")]
    [InlineData("""{"limit":"x"}""", """{"error":"key is a required parameter for this action"}""")]
    public async Task I2_ChecksEachInputInOrder(string parameters, string expected)
    {
        var client = await ConnectAsync(inputs => inputs.Required("key").Optional("limit", format: Convert.ToInt32, defaultValue: 10));

        (await RunAsync(client, parameters)).ShouldBe(expected);
    }

    [Fact]
    public async Task I3_ADefaultIsForWhatWasNotSent()
    {
        var client = await ConnectAsync(inputs => inputs.Optional("a", format: value => value?.ToString() ?? "was null", defaultValue: "default"));

        (await RunAsync(client, "{}")).ShouldBe("""{"a":"default"}""");
        (await RunAsync(client, """{"a":null}""")).ShouldBe("""{"a":"was null"}""");
        (await RunAsync(client, """{"a":""}""")).ShouldBe("""{"a":""}""");
    }

    [Fact]
    public async Task I5_AllValidatorsRunAndTheFirstErrorIsTold()
    {
        var seen = new List<string>();
        var client = await ConnectAsync(inputs => inputs
            .Optional("a", validate: Note("a", "a is bad"))
            .Optional("b", validate: Note("b", "b is bad"))
            .Optional("c", validate: Note("c", null)));

        (await RunAsync(client, """{"a":1,"b":2,"c":3}""")).ShouldBe("""{"error":"a is bad"}""");
        seen.ShouldBe(["a", "b", "c"]);

        Func<object?, string?> Note(string name, string? text) => _ =>
        {
            seen.Add(name);
            return text;
        };
    }

    [Theory]
    [InlineData("{oops", "{oops is not allowed")]
    [InlineData("{0}", "{0} is not allowed")]
    [InlineData("}", "} is not allowed")]
    public async Task I5_AValidatorsWordsAreSentAsTheyAre(string value, string expected)
    {
        var client = await ConnectAsync(inputs => inputs.Optional("v", validate: v => $"{v} is not allowed"));

        (await RunAsync(client, $$"""{"v":"{{value}}"}""")).ShouldBe($$"""{"error":"{{expected}}"}""");
    }

    [Fact]
    public async Task I5_AValidatorWithoutWordsTakesTheCatalogues()
    {
        var client = await ConnectAsync(inputs => inputs.Optional("a", validate: _ => ""));

        (await RunAsync(client, """{"a":1}""")).ShouldBe("""{"error":"Input for parameter \"a\" failed validation!"}""");
    }

    [Fact]
    public async Task I6_AValidatorThatIsContentDoesNotSkipTheRequiredCheck()
    {
        var client = await ConnectAsync(inputs => inputs.Required("a", validate: _ => null));

        (await RunAsync(client, """{"a":""}""")).ShouldBe("""{"error":"a is a required parameter for this action"}""");
    }

    [Fact]
    public async Task I4_WhatAFormatterThrowsEndsTheRun()
    {
        var client = await ConnectAsync(inputs => inputs.Required("b").Optional("a", format: _ => throw new ActionException("no such a")));

        (await RunAsync(client, """{"a":1}""")).ShouldBe("""{"error":"no such a"}""");
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"o":null}""", """{"o":null}""")]
    [InlineData("""{"o":false}""", """{"o":false}""")]
    [InlineData("""{"o":0}""", """{"o":0}""")]
    [InlineData("""{"o":-0.0}""", """{"o":-0}""")]
    [InlineData("""{"o":""}""", """{"o":""}""")]
    [InlineData("""{"o":true}""", """{"error":"Input for parameter \"o\" failed validation!"}""")]
    [InlineData("""{"o":{"must":1,"in":0}}""", """{"o":{"must":1,"may":5,"in":0}}""")]
    [InlineData("""{"o":{}}""", """{"error":"o.must is a required parameter for this action"}""")]
    [InlineData("""{"o":{"must":1,"stranger":2}}""", """{"o":{"must":1,"may":5}}""")]
    [InlineData("""{"o":"{\"must\":1,\"may\":\"6\"}"}""", """{"o":{"must":1,"may":6}}""")]
    [InlineData("""{"o":{"must":1,"in":{}}}""", """{"error":"o.in.deep is a required parameter for this action"}""")]
    [InlineData("""{"o":{"must":1,"in":{"deep":2}}}""", """{"o":{"must":1,"may":5,"in":{"deep":2}}}""")]
    [InlineData("""{"o":{"must":1,"in":"text"}}""", """{"error":"Input for parameter \"o.in\" failed validation!"}""")]
    [InlineData("""{"o":"text"}""", """{"error":"Input for parameter \"o\" failed validation!"}""")]
    [InlineData("""{"o":[1]}""", """{"error":"Input for parameter \"o\" failed validation!"}""")]
    [InlineData("""{"o":5}""", """{"error":"Input for parameter \"o\" failed validation!"}""")]
    [InlineData("""{"o":"{broken"}""", """{"error":"Input for parameter \"o\" failed validation!"}""")]
    public async Task I10_NestsToAnyDepth(string parameters, string expected)
    {
        var client = await ConnectAsync(inputs => inputs.Nested("o", o => o
            .Required("must")
            .Optional("may", format: Convert.ToInt32, defaultValue: 5)
            .Nested("in", inner => inner.Required("deep"))));

        (await RunAsync(client, parameters)).ShouldBe(expected);
    }

    [Fact]
    public async Task ADynamicActionMayAnswerNothing()
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction("act", _ => { }, (_, _) => Task.CompletedTask));
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"act"}""")).ShouldBe("{}");
        (await client.RunAsync<JsonElement>("act")).EnumerateObject().ShouldBeEmpty();
    }

    private async Task<TestConnection> ConnectAsync(Action<DynamicInputs> inputs)
    {
        var host = await StartAsync(polywire => polywire.MapDynamicAction("act", inputs, (context, _) =>
        {
            foreach (var input in context.Action.Inputs)
            {
                if (context.Params.TryGet(input.Name, out var value))
                {
                    context.Response[input.Name] = value;
                }
            }

            return Task.CompletedTask;
        }));
        return await host.ConnectAsync();
    }

    private static async Task<string> RunAsync(TestConnection client, string parameters) =>
        await AnswerAsync(client, parameters.Length == 2 ? """{"action":"act"}""" : $$"""{"action":"act",{{parameters[1..]}}""");
}
