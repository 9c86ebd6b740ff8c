using System.ComponentModel.DataAnnotations;

namespace Polywire.Tests.Inputs;

[Action("steps")]
internal sealed class StepsAction : NothingAction<StepsAction.Input>
{
    internal sealed record Input
    {
        [Validate<NotShouting>, Format<Trimmed>, StringLength(3), Format<Upper>] public string? Word { get; init; }
        [Format<Trimmed>] public required string Name { get; init; }
        [Format<Trimmed>] public string Default { get; init; } = " d ";
        [Format<Doubled>, Range(0, 10), Validate<Even>, Validate<AnyNumber>] public int? Number { get; init; }
        [Format<Doubled>] public int Twice { get; init; } = 4;
        [Validate<NotEmpty>] public List<int>? Items { get; init; }
        [Format<Throwing>] public int Thrown { get; init; }
    }

    internal struct Trimmed : IInputFormatter<string>
    {
        public static string Format(string value) => value.Trim();
    }

    internal sealed class Upper : IInputFormatter<string>
    {
        static string IInputFormatter<string>.Format(string value) => value.ToUpperInvariant();
    }

    internal sealed class Doubled : IInputFormatter<int>
    {
        public static int Format(int value) => value * 2;
    }

    internal sealed class Throwing : IInputFormatter<int>
    {
        public static int Format(int value) => value == 13 ? throw new ActionException("unlucky") : value;
    }

    internal sealed class NotShouting : IInputValidator<string>
    {
        public static string? Validate(string value, string name) => value == "LOUD" ? $"{name} is too loud" : null;
    }

    internal sealed class Even : IInputValidator<int>
    {
        public static string? Validate(int value, string name) => value % 4 == 0 ? null : $"{name} is odd: {value}";
    }

    internal sealed class AnyNumber : IInputValidator<int>
    {
        public static string? Validate(int value, string name) => value == 8 ? "eight" : null;
    }

    internal sealed class NotEmpty : IInputValidator<IReadOnlyCollection<int>>
    {
        public static string? Validate(IReadOnlyCollection<int> value, string name) => value.Count == 0 ? $"{name} is empty" : null;
    }
}
