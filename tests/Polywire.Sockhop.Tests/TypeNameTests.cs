using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Polywire.Sockhop.Json;
using Polywire.Sockhop.Protocol;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>A handler listens for the name under which the other end sends such a value.</summary>
public class TypeNameTests
{
    public static TheoryData<string, Func<object>> Values => new()
    {
        { "String", () => "text" },
        { "String", () => 'c' },
        { "String", () => Guid.NewGuid() },
        { "String", () => new Uri("http://host/") },
        { "String", () => new Version(1, 2) },
        { "String", () => TimeSpan.FromSeconds(1) },
        { "String", () => new DateOnly(2026, 1, 2) },
        { "String", () => new TimeOnly(3, 4) },
        { "Date", () => DateTime.UnixEpoch },
        { "Date", () => DateTimeOffset.UnixEpoch },
        { "Number", () => (byte)1 },
        { "Number", () => 1 },
        { "Number", () => ulong.MaxValue },
        { "Number", () => 1.5f },
        { "Number", () => double.NaN },
        { "Number", () => 1.5m },
        { "Number", () => (Half)1 },
        { "Number", () => Int128.MaxValue },
        { "Number", () => UInt128.MaxValue },
        { "Number", () => DayOfWeek.Friday },
        { "Boolean", () => true },
        { "Array", () => new[] { 1, 2 } },
        { "Array", () => new List<string> { "a" } },
        { "Array", () => new HashSet<int> { 1 } },
        { "Array", () => new JsonArray(1, 2) },
        { "Object", () => new JsonObject { ["a"] = 1 } },
        { "Object", () => new Dictionary<string, int> { ["a"] = 1 } },
        { "Object", () => new { A = 1 } },
        { "Finished", () => new Done(1) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void IsTheSameForTheSenderAndTheHandler(string name, Func<object> create)
    {
        var value = create();

        var json = new SockhopJson(Pair.Types(), null);

        (WrittenName(json, value), json.NameOf(value.GetType())).ShouldBe((name, name));
    }

    [Fact]
    public void FollowsAConverterOfEnums()
    {
        var json = new SockhopJson(new SockhopTypeRegistry(), new JsonSerializerOptions { Converters = { new JsonStringEnumConverter() } });

        (WrittenName(json, DayOfWeek.Friday), json.NameOf(typeof(DayOfWeek)), json.NameOf(typeof(DayOfWeek?))).ShouldBe(("String", "String", "String"));
    }

    [Theory]
    [InlineData(typeof(byte[]))]
    [InlineData(typeof(Memory<byte>))]
    [InlineData(typeof(ReadOnlyMemory<byte>))]
    [InlineData(typeof(ArraySegment<byte>))]
    public void IsBufferForBytes(Type type) => new SockhopJson(new SockhopTypeRegistry(), null).NameOf(type).ShouldBe("Buffer");

    [Fact]
    public void IsClaimedByOneTypeAndOnlyWhenItIsTaken()
    {
        var types = new SockhopTypeRegistry().Register<Job>("First");

        Should.Throw<ArgumentException>(() => types.Register<Job>("Second")).Message.ShouldContain("'First'");
        types.Register<Done>("Second");
        Should.Throw<ArgumentException>(() => types.Register<string>("Second")).Message.ShouldContain("Done");
        var json = new SockhopJson(types, null);
        json.NameOf(typeof(Twin)).ShouldBe("Twin");
        Should.Throw<ArgumentException>(() => json.NameOf(typeof(OtherTwin))).Message.ShouldContain("'Twin'");
    }

    private static string WrittenName(SockhopJson json, object value)
    {
        var writer = PayloadWriter.Rent();
        try
        {
            return json.Write(value, writer).Name;
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    [SockhopType("Twin")]
    private sealed record Twin;

    [SockhopType("Twin")]
    private sealed record OtherTwin;
}
