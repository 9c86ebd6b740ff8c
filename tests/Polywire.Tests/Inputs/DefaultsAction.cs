using System.ComponentModel.DataAnnotations;

namespace Polywire.Tests.Inputs;

[Action("defaults")]
internal sealed class DefaultsAction : NothingAction<DefaultsAction.Input>
{
    private const string Word = "const";

    private static int _count;

    internal static int Next() => ++_count;

    internal sealed record Input
    {
        public string Text { get; init; } = "a\"b\\c\n";
        public string Const { get; init; } = Word + "!";
        public string Empty { get; init; } = string.Empty;
        public string? Nullable { get; init; } = "n";
        public int Number { get; init; } = -5;
        public int? NullableNumber { get; init; } = 6;
        public byte Byte { get; init; } = 7;
        public long Long { get; init; } = int.MaxValue + 1L;
        public ulong Unsigned { get; init; } = ulong.MaxValue;
        public decimal Money { get; init; } = 1.10m;
        public decimal Whole { get; init; } = 5;
        public double Double { get; init; } = 1e-7;
        public float Float { get; init; } = 0.1f;
        public bool Flag { get; init; } = true;
        public char Letter { get; init; } = '\'';
        public Colour Colour { get; init; } = Colour.DarkGreen;
        public Colour Cast { get; init; } = (Colour)77;
        public List<int> List { get; init; } = [];
        public string[] Array { get; init; } = [];
        public int Zero { get; init; }
        public bool Off { get; init; }
        public Guid NoId { get; init; }
        public Colour First { get; init; }
        [Required] public int MarkedWithDefault { get; init; } = 8;

        // Only the class itself knows these.
        public int Counted { get; init; } = Next();
        public TimeSpan Span { get; init; } = TimeSpan.FromSeconds(3);
        public TimeSpan? NullableSpan { get; init; } = TimeSpan.FromSeconds(4);
        [Format<Trim>] [StringLength(4)] public string? Made { get; init; } = new(' ', 3);
        public List<int> Filled { get; init; } = [1, 2];
        public Dictionary<string, int> Dictionary { get; init; } = [];
        public int Settable { get; set; } = Next() * 0 + 9;
    }

    internal struct Trim : IInputFormatter<string>
    {
        public static string Format(string value) => value.Trim();
    }
}

[Action("defaultsOfStruct")]
internal sealed class DefaultsOfStructAction : NothingAction<DefaultsOfStructAction.Input>
{
    internal struct Input
    {
        public Input()
        {
        }

        public int Number { get; init; } = 3;

        public TimeSpan Span { get; init; } = TimeSpan.FromSeconds(5);
    }
}

[Action("emptyInput")]
internal sealed class EmptyInputAction : NothingAction<EmptyInputAction.Input>
{
    internal sealed record Input;
}
