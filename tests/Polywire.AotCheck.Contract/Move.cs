using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Polywire.AotCheck.Contract;

/// <summary>Moves something.</summary>
[ActionContract("move", Version = 2)]
public static partial class Move
{
    /// <summary>What is moved.</summary>
    public sealed partial record Input
    {
        /// <summary>From where.</summary>
        public required string From { get; init; }

        /// <summary>How much.</summary>
        [Range(1, 100)]
        public decimal Amount { get; init; } = 5;
    }

    /// <summary>What is left.</summary>
    public sealed record Output(string From, decimal Left);
}

/// <summary>The prices.</summary>
[RoomContract("prices")]
public static partial class Prices
{
    /// <summary>One price.</summary>
    public sealed record Message(string Symbol, decimal Price);
}

/// <summary>The metadata of all of them.</summary>
[JsonSerializable(typeof(Move.Input), TypeInfoPropertyName = "MoveInput")]
[JsonSerializable(typeof(Move.Output), TypeInfoPropertyName = "MoveOutput")]
[JsonSerializable(typeof(Prices.Message), TypeInfoPropertyName = "PricesMessage")]
public sealed partial class MoveJson : JsonSerializerContext;
