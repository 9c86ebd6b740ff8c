using System.Text.Json;
using Polywire.AotCheck.Contract;

namespace Polywire.AotCheck;

/// <summary>The action of a contract that another project has, called as a client calls it.</summary>
internal static class ContractChecks
{
    public static async Task RunAsync(Transcript transcript, IActions actions)
    {
        await transcript.AddAsync("by contract", async () => (await AskAsync(actions, new Move.Input { From = "a" })).ToString());
        await transcript.AddAsync("by contract, refused", async () =>
        {
            try
            {
                return (await AskAsync(actions, new Move.Input { From = "a", Amount = 1000 })).ToString();
            }
            catch (ActionException refused)
            {
                return refused.Message;
            }
        });
        await transcript.AddAsync("by an input of the action's own", async () => (await AskAsync(actions, new Twice.Input(21))).ToString());
        await transcript.AddAsync("a room's message", () =>
            Task.FromResult(Prices.Room.Name + JsonSerializer.Serialize(new Prices.Message("ACME", 12.5m), Prices.Room.MessageInfo)));
    }

    private static async Task<TOutput> AskAsync<TOutput>(IActions actions, IActionInput<TOutput> input)
    {
        var contract = input.Contract;
        var answer = await actions.RunAsync<JsonElement>(contract.Name, JsonSerializer.SerializeToElement(input, contract.InputInfo));
        return answer.Deserialize(contract.OutputInfo)!;
    }
}

[Action]
internal sealed class MoveAction : IAction<Move.Input, Move.Output>
{
    public ValueTask<Move.Output> RunAsync(Move.Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Move.Output(input.From, 100 - input.Amount));
}

[Action("twice")]
internal sealed partial class Twice : IAction<Twice.Input, Twice.Output>
{
    public sealed partial record Input(int Number);

    public sealed record Output(int Number);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Output(input.Number * 2));
}
