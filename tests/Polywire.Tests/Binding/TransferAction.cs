using System.ComponentModel.DataAnnotations;

namespace Polywire.Tests.Binding;

internal interface ILedger
{
    ValueTask<decimal> MoveAsync(decimal amount);
}

/// <summary>Moves money between two accounts.</summary>
[Action("transfer")]
internal sealed class TransferAction(ILedger ledger) : IAction<TransferAction.Input, TransferAction.Output>
{
    /// <param name="Street">The street.</param>
    public sealed record Address(string Street, int Number = 1);

    public sealed record Input
    {
        /// <summary>The account to take from.</summary>
        public required string From { get; init; }
        public required string To { get; init; }
        [Range(0.01, 1_000_000)] public required decimal Amount { get; init; }
        public string Currency { get; init; } = "EUR";
        [Secret] public string? Pin { get; init; }
        public Guid Id { get; init; } = Guid.NewGuid();
        public IReadOnlyList<Address> Addresses { get; init; } = [];
        public int? Limit { get; init; }
        public Address? Home { get; init; }
        public DayOfWeek Day { get; init; } = DayOfWeek.Friday;
    }

    public sealed record Output(Guid Id, decimal Balance);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(input.Id, await ledger.MoveAsync(input.Amount));
}
