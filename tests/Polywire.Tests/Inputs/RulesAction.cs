using System.ComponentModel.DataAnnotations;

namespace Polywire.Tests.Inputs;

[Action("rules")]
internal sealed class RulesAction : NothingAction<RulesAction.Input>
{
    internal const string SlowPattern = "(a+)+b";

    internal sealed record Input
    {
        [StringLength(3)] public string? Short { get; init; }
        [StringLength(5, MinimumLength = 2)] public string? Between { get; init; }
        [MinLength(2)] public string? Least { get; init; }
        [MaxLength(2)] public string? Most { get; init; }
        [Length(1, 2)] public string? Length { get; init; }
        [MinLength(2)] public int[]? LeastItems { get; init; }
        [MaxLength(2)] public List<int>? MostItems { get; init; }
        [Length(1, 2)] public IEnumerable<int>? LengthItems { get; init; }
        [MaxLength(1)] public Dictionary<string, int>? MostPairs { get; init; }
        [Range(1, 10)] public int? Number { get; init; }
        [Range(-1, 10)] public uint? Unsigned { get; init; }
        [Range(0.5, 2.5)] public int? HalfNumber { get; init; }
        [Range(0.01, 1_000_000)] public decimal? Money { get; init; }
        [Range(typeof(decimal), "0.10", "99.90")] public decimal? Typed { get; init; }
        [Range(0d, 1d, MinimumIsExclusive = true, MaximumIsExclusive = true)] public double? Open { get; init; }
        [Range(0d, 1d, MinimumIsExclusive = true)] public float? HalfOpen { get; init; }
        [Range(0, 100)] public ulong? Big { get; init; }
        [Range(1, double.MaxValue)] public decimal? Unlimited { get; init; }
        [RegularExpression("[a-z]{2,3}")] public string? Pattern { get; init; }
        [RegularExpression("a|ab")] public string? Whole { get; init; }
        [RegularExpression(SlowPattern)] public string? Slow { get; init; }
        [EmailAddress] public string? Mail { get; init; }
        [Url] public string? Link { get; init; }
        [AllowedValues("a", "b")] public string? Word { get; init; }
        [AllowedValues(1, 2L)] public byte? Figure { get; init; }
        [AllowedValues(Colour.Red)] public Colour? Tint { get; init; }
        [DeniedValues("x")] public string? Denied { get; init; }
        [StringLength(1, ErrorMessage = "{0} wants at most {1} of {{these}}")] public string? Said { get; init; }
        [StringLength(1, ErrorMessage = "oops {")] public string? Broken { get; init; }
        [Range(1, 2), StringLengthFree] public int? Free { get; init; }
    }

    [AttributeUsage(AttributeTargets.Property)]
    internal sealed class StringLengthFreeAttribute : Attribute;
}
