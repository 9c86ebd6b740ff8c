using System.ComponentModel.DataAnnotations;

namespace Polywire.Tests.Inputs;

[Action("nested")]
internal sealed class NestedAction : NothingAction<NestedAction.Input>
{
    internal sealed record Input
    {
        public Outer? Outer { get; init; }
        public List<Line> Lines { get; init; } = [];
        public Dictionary<string, Line>? Map { get; init; }
        public Tree? Tree { get; init; }
        public Line?[] Holes { get; init; } = [];
        public Size Size { get; init; }
        public int After { get; init; } = 1;
    }

    internal sealed record Outer(string X, double? Y, Middle? Middle);

    internal sealed record Middle
    {
        public required Inner Inner { get; init; }
    }

    internal sealed record Inner
    {
        [Range(1, 5)] public required int Depth { get; init; }
        [Validate<Named>] public string? Word { get; init; }
    }

    internal sealed record Line(string Name, [Range(0, 10)] int Count = 1);

    internal sealed class Tree
    {
        public string Label { get; init; } = "";
        public Tree? Left { get; init; }
        public Tree[] Children { get; init; } = [];
    }

    internal readonly record struct Size(int Width, int Height);

    internal sealed class Named : IInputValidator<string>
    {
        public static string? Validate(string value, string name) => value == "bad" ? $"{name} is bad {{0}}" : null;
    }
}
