using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Polywire.Tests.Inputs;

internal enum Colour
{
    Red,
    DarkGreen,
    Größe,
}

[Action("plain")]
internal sealed class PlainAction : NothingAction<PlainAction.Input>
{
    /// <summary>Every type that can be bound, none of them required.</summary>
    internal sealed record Input
    {
        public string? Text { get; init; }
        public bool? Flag { get; init; }
        public char? Letter { get; init; }
        public sbyte? I8 { get; init; }
        public byte? U8 { get; init; }
        public short? I16 { get; init; }
        public ushort? U16 { get; init; }
        public int? I32 { get; init; }
        public uint? U32 { get; init; }
        public long? I64 { get; init; }
        public ulong? U64 { get; init; }
        public Int128? I128 { get; init; }
        public Half? F16 { get; init; }
        public float? F32 { get; init; }
        public double? F64 { get; init; }
        public decimal? Money { get; init; }
        public Guid? Id { get; init; }
        public DateTimeOffset? At { get; init; }
        public DateTime? When { get; init; }
        public DateOnly? Day { get; init; }
        public TimeOnly? Time { get; init; }
        public TimeSpan? Span { get; init; }
        public Uri? Link { get; init; }
        public byte[]? Data { get; init; }
        public Colour? Colour { get; init; }
        public Version? Release { get; init; }
        public object? Any { get; init; }
        public JsonElement? Element { get; init; }
        public JsonNode? Node { get; init; }
        public JsonObject? Members { get; init; }
        public JsonArray? Elements { get; init; }
        public int[]? Array { get; init; }
        public List<string>? List { get; init; }
        public IReadOnlyList<int?>? ReadOnlyList { get; init; }
        public IEnumerable<string?>? Enumerable { get; init; }
        public ICollection<Colour>? Collection { get; init; }
        public ImmutableArray<double>? Immutable { get; init; }
        public Dictionary<string, int>? Dictionary { get; init; }
        public IReadOnlyDictionary<string, List<bool>>? ReadOnlyDictionary { get; init; }
        public int[][]? Jagged { get; init; }
    }
}
