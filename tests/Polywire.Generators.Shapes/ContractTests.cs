using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Shapes.Contracts;
using Shouldly;
using Xunit;

namespace Shapes.Support;

/// <summary>The contract of another assembly is the action of this one, and what a client takes from it fits.</summary>
public sealed class ContractTests
{
    [Fact]
    public async Task AnActionIsWhatItsContractSays()
    {
        await using var host = await PolywireTestHost.StartAsync(builder => builder.AddActions());

        var action = host.Services.GetRequiredService<IActions>().All.Single(one => one.Name == "contract: transfer");

        action.Version.ShouldBe(new ActionVersion(3));
        action.Description.ShouldBe("Moves money.");
        action.Inputs.Single(input => input.Name == "from").Description.ShouldBe("The account that pays.");
        action.Metadata.OfType<PostAttribute>().ShouldHaveSingleItem().Path.ShouldBe("/transfers");
    }

    [Fact]
    public async Task AClientNeedsTheInputAlone()
    {
        await using var host = await PolywireTestHost.StartAsync(builder => builder.AddActions());

        var answer = await RunAsync(host, new Transfer.Input { From = "ä", Amount = 7 });

        answer.ShouldBe(new Transfer.Output("from ä", 7));
    }

    [Fact]
    public async Task AnActionsOwnInputDoesAsWell()
    {
        await using var host = await PolywireTestHost.StartAsync(builder => builder.AddActions());

        (await RunAsync(host, new OwnContract.Input(4))).ShouldBe(new OwnContract.Output(8));
    }

    [Fact]
    public void WhatIsGeneratedIsNoMember()
    {
        var input = new Transfer.Input { From = "a" };

        input.ShouldBe(new Transfer.Input { From = "a" });
        input.ToString().ShouldBe("Input { From = a, Amount = 5 }");
        JsonSerializer.Serialize(input, Contract(input).InputInfo).ShouldBe("""{"from":"a","amount":5}""");
        Contract(input).ShouldBeSameAs(Contract(new Transfer.Input { From = "b" }));
    }

    [Theory]
    [InlineData("""{"amount":1}""")]
    [InlineData("""{"text":null,"amount":1}""")]
    public void AnAnswerThatDoesNotFitIsNoAnswer(string json)
    {
        var info = Contract(new Transfer.Input { From = "a" }).OutputInfo;

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, info));
        JsonSerializer.Deserialize("""{"text":"t","amount":1,"more":true}""", info).ShouldBe(new Transfer.Output("t", 1));
    }

    [Fact]
    public void RoomsAndPushesAreDescribed()
    {
        Prices.Room.Name.ShouldBe("prices");
        Alert.Push.Context.ShouldBe("alert");
        JsonSerializer.Serialize(new Prices.Message("ACME", 12.5m), Prices.Room.MessageInfo).ShouldBe("""{"symbol":"ACME","price":12.5}""");
        JsonSerializer.Deserialize("""{"text":"fire"}""", Alert.Push.MessageInfo).ShouldBe(new Alert.Message("fire"));
    }

    private static ActionContract<TOutput> Contract<TOutput>(IActionInput<TOutput> input) => input.Contract;

    private static async Task<TOutput> RunAsync<TOutput>(PolywireTestHost host, IActionInput<TOutput> input)
    {
        var sent = JsonSerializer.SerializeToElement(input, input.Contract.InputInfo);
        var answer = await host.RunAsync<JsonElement>(input.Contract.Name, sent);
        return answer.Deserialize(input.Contract.OutputInfo)!;
    }
}

[Action]
public sealed class TransferAction : IAction<Transfer.Input, Transfer.Output>
{
    public global::System.Threading.Tasks.ValueTask<Transfer.Output> RunAsync(Transfer.Input input, ActionContext context, global::System.Threading.CancellationToken cancellationToken) =>
        new(new Transfer.Output("from " + input.From, input.Amount));
}

[Action("contract: own")]
public sealed partial class OwnContract : IAction<OwnContract.Input, OwnContract.Output>
{
    public sealed partial record Input(int X);

    public sealed record Output(int Y);

    public global::System.Threading.Tasks.ValueTask<Output> RunAsync(Input input, ActionContext context, global::System.Threading.CancellationToken cancellationToken) =>
        new(new Output(input.X * 2));
}
