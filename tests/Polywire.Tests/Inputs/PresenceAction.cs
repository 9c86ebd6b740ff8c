using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Polywire.Tests.Inputs;

#pragma warning disable CS8618 // That a member has no value is the point of some.

[Action("presence")]
internal sealed class PresenceAction : NothingAction<PresenceAction.Input>
{
    internal const int Limit = 10;

    internal sealed record Input(
        string Positional,
        int PositionalNumber,
        string? PositionalOptional,
        string PositionalDefault = "d",
        Colour PositionalColour = Colour.DarkGreen,
        int? PositionalNothing = null)
    {
        public required string Text { get; init; }
        public required int Number { get; init; }
        public required List<int> Numbers { get; init; }
        [Required] public string? Marked { get; init; }
        [Required] public int? MarkedNumber { get; init; }
        [Required(AllowEmptyStrings = true)] public string MarkedEmpty { get; init; }
        [Required(ErrorMessage = "give me {0}!")] public string MarkedWords { get; init; }
        public string Implied { get; init; }
        public string Silenced { get; init; } = null!;
        [JsonPropertyName("other_name")] public required string Named { get; init; }
        public required string HTMLName { get; init; }
    }

    internal static readonly (string Name, string Value)[] All =
    [
        ("positional", "a"), ("positionalNumber", "1"), ("text", "b"), ("number", "2"), ("numbers", "[3]"), ("marked", "c"),
        ("markedNumber", "4"), ("markedEmpty", ""), ("markedWords", "d"), ("implied", "e"), ("silenced", "f"), ("other_name", "g"),
        ("htmlName", "h"),
    ];
}
