using System.Text;
using Polywire.Binding;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

public sealed class NestedBindingTests
{
    private static readonly InputDescriptor[] Descriptors = GeneratedInputs.Polywire_Tests_Inputs_NestedAction_Input;
    private static readonly InputBinder<NestedAction.Input> Bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_NestedAction_Input;

    public static TheoryData<string, string> Refusals => new()
    {
        { "outer", "5" },
        { "outer", "[]" },
        { "outer", "\"x\"" },
        { "outer", "true" },
        { "outer", "\"\"" },
        { "lines", "{}" },
        { "lines", "[5]" },
        { "lines", "[null]" },
        { "map", "[]" },
        { "map", "{\"a\":5}" },
        { "holes", "[[]]" },
        { "size", "[1,2]" },
    };

    public static TheoryData<string, string> Misses => new()
    {
        { "{\"outer\":{}}", "outer.x" },
        { "{\"outer\":{\"x\":null}}", "outer.x" },
        { "{\"outer\":{\"x\":\"\"}}", "outer.x" },
        { "{\"outer\":{\"y\":1}}", "outer.x" },
        { "{\"outer\":{\"X\":\"case\"}}", "outer.x" },
        { "{\"outer\":{\"x\":\"a\",\"middle\":{}}}", "outer.middle.inner" },
        { "{\"outer\":{\"x\":\"a\",\"middle\":{\"inner\":{}}}}", "outer.middle.inner.depth" },
        { "{\"lines\":[{\"name\":\"a\"},{\"count\":1}]}", "lines.1.name" },
        { "{\"map\":{\"k\":{}}}", "map.k.name" },
        { "{\"outer\":{\"y\":\"no\"},\"after\":\"no\"}", "outer.x" },
        { "{\"after\":\"no\",\"lines\":[5,{}]}", "lines.1.name" },
        { "{\"size\":{\"width\":1}}", "size.height" },
    };

    public static TheoryData<string, string> Wrongs => new()
    {
        { "{\"outer\":{\"x\":\"a\",\"y\":\"no\"}}", "Input for parameter \"outer.y\" failed validation!" },
        { "{\"outer\":{\"x\":\"a\",\"middle\":5}}", "Input for parameter \"outer.middle\" failed validation!" },
        { "{\"outer\":{\"x\":\"a\",\"middle\":{\"inner\":{\"depth\":9}}}}", "The field outer.middle.inner.depth must be between 1 and 5." },
        { "{\"outer\":{\"x\":\"a\",\"middle\":{\"inner\":{\"depth\":1,\"word\":\"bad\"}}}}", "outer.middle.inner.word is bad {0}" },
        { "{\"lines\":[{\"name\":\"a\",\"count\":11}]}", "The field lines.0.count must be between 0 and 10." },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BindsThreeDeepAndDropsWhatIsUnknown(bool isText)
    {
        const string Outer = """{"x":1,"z":{"x":[{}]},"middle":{"no":1,"inner":{"depth":3,"word":"w"}},"y":"2.5"}""";
        var set = isText ? Sent.Texts(("outer", Outer)) : Sent.Json($"{{\"outer\":{Outer}}}");

        var input = set.Bind(Descriptors, Bind).Good();

        input.Outer.ShouldBe(new NestedAction.Outer("1", 2.5, new NestedAction.Middle { Inner = new NestedAction.Inner { Depth = 3, Word = "w" } }));
        input.After.ShouldBe(1);
    }

    [Fact]
    public void AsksNothingOfWhatIsAbsent() => Sent.Json("""{"outer":null}""").Bind(Descriptors, Bind).Good().Outer.ShouldBeNull();

    [Fact]
    public void BindsListsMapsHolesAndStructs()
    {
        var input = Sent.Json(
            """{"lines":[{"name":"a"},{"name":"b","count":2}],"map":{"k":{"name":"c"}},"holes":[null,{"name":"d"}],"size":{"height":2,"width":1}}""")
            .Bind(Descriptors, Bind).Good();

        input.Lines.ShouldBe([new NestedAction.Line("a"), new NestedAction.Line("b", 2)]);
        input.Map.ShouldNotBeNull()["k"].ShouldBe(new NestedAction.Line("c"));
        input.Holes.ShouldBe([null, new NestedAction.Line("d")]);
        input.Size.ShouldBe(new NestedAction.Size(1, 2));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void RefusesTheWrongKindOfValue(string name, string json) =>
        Sent.Json($"{{\"{name}\":{json}}}").Bind(Descriptors, Bind).Refused().ShouldBe($"Input for parameter \"{name}\" failed validation!");

    [Theory]
    [InlineData("x")]
    [InlineData("{")]
    [InlineData("{\"x\":1")]
    [InlineData("{\"x\":1}}")]
    [InlineData("{\"x\":1},")]
    [InlineData("{x:1}")]
    [InlineData("[]")]
    public void RefusesTextThatIsNoObject(string text) =>
        Sent.Texts(("outer", text)).Bind(Descriptors, Bind).Refused().ShouldBe("Input for parameter \"outer\" failed validation!");

    [Theory]
    [MemberData(nameof(Misses))]
    public void NamesWhatIsMissingInside(string json, string name) =>
        Sent.Json(json).Bind(Descriptors, Bind).Missed().ShouldBe($"{name} is a required parameter for this action");

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void NamesWhatIsWrongInside(string json, string text) =>
        Sent.Json(json).Bind(Descriptors, Bind).Refused().ShouldBe(text);

    [Fact]
    public void MatchesEscapedNamesAndTakesTheLastOfTwo()
    {
        var input = Sent.Json("""{"outer":{"x":"a","\u0078":"b","\ud800":1,"x\ud800":2}}""").Bind(Descriptors, Bind).Good();

        input.Outer!.X.ShouldBe("b");
    }

    [Fact]
    public void BindsARecordWithinItself()
    {
        var input = Sent.Json("""{"tree":{"label":"a","left":{"label":"b","children":[{"label":"c"},{}]}}}""").Bind(Descriptors, Bind).Good();

        input.Tree!.Left!.Children.Select(child => child.Label).ShouldBe(["c", ""]);
        Descriptors.Single(one => one.Name == "tree").Members.Single(one => one.Name == "left").Members.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(70, false)]
    [InlineData(20_000, false)]
    public void RefusesTextThatIsNestedTooDeep(int depth, bool isGood)
    {
        var json = new StringBuilder().Insert(0, "{\"left\":", depth).Append("{}").Append('}', depth).ToString();

        var bound = Sent.Texts(("tree", json)).Bind(Descriptors, Bind);

        (bound.Error is null).ShouldBe(isGood);
    }

    [Fact]
    public void DescribesTheMembersOfRecordsAndOfThoseInListsButNotOfTables()
    {
        Descriptors.Select(one => (one.Name, one.Type, string.Join(',', one.Members.Select(member => member.Name)))).ShouldBe(
        [
            ("outer", "object", "x,y,middle"),
            ("lines", "array", "name,count"),
            ("map", "object", ""),
            ("tree", "object", "label,left,children"),
            ("holes", "array", "name,count"),
            ("size", "object", "width,height"),
            ("after", "integer", ""),
        ]);
    }
}
