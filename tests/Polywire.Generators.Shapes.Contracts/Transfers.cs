using System.ComponentModel.DataAnnotations;

namespace Shapes.Contracts;

/// <summary>Moves money.</summary>
[ActionContract("contract: transfer", Version = 3), Post("/transfers")]
public static partial class Transfer
{
    public sealed partial record Input
    {
        /// <summary>The account that pays.</summary>
        public required string From { get; init; }

        [Range(1, 100)]
        public decimal Amount { get; init; } = 5;
    }

    public sealed record Output(string Text, decimal Amount);
}

[RoomContract("prices")]
public static partial class Prices
{
    public sealed record Message(string Symbol, decimal Price);
}

[PushContract("alert")]
public static partial class Alert
{
    public sealed record Message(string Text);
}
