using Polywire.Binding;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

public sealed class PresenceTests
{
    private static readonly InputDescriptor[] Descriptors = GeneratedInputs.Polywire_Tests_Inputs_PresenceAction_Input;
    private static readonly InputBinder<PresenceAction.Input> Bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_PresenceAction_Input;

    public static TheoryData<string> Required => [.. PresenceAction.All.Select(pair => pair.Name)];

    [Fact]
    public void BindsWhatIsThere()
    {
        var input = Sent.Texts(PresenceAction.All).Bind(Descriptors, Bind).Good();

        input.Numbers.ShouldBe([3]);
        (input with { Numbers = [] }).ToString().ShouldBe(new PresenceAction.Input("a", 1, null)
        {
            Text = "b", Number = 2, Numbers = [], Marked = "c", MarkedNumber = 4, MarkedEmpty = "", MarkedWords = "d", Implied = "e",
            Silenced = "f", Named = "g", HTMLName = "h",
        }.ToString());
    }

    [Theory]
    [MemberData(nameof(Required))]
    public void MissesWhatWasNotSent(string name)
    {
        var others = PresenceAction.All.Where(pair => pair.Name != name).ToArray();

        Sent.Texts(others).Bind(Descriptors, Bind).Missed().ShouldBe(Missing(name));
    }

    [Theory]
    [MemberData(nameof(Required))]
    public void MissesNull(string name) =>
        Sent.Json(Json(name, "null")).Bind(Descriptors, Bind).Missed().ShouldBe(Missing(name));

    [Theory]
    [MemberData(nameof(Required))]
    public void MissesEmptyText(string name)
    {
        var others = PresenceAction.All.Where(pair => pair.Name != name).Append((name, "")).ToArray();
        var text = Sent.Texts(others).Bind(Descriptors, Bind);
        var json = Sent.Json(Json(name, "\"\"")).Bind(Descriptors, Bind);

        if (name == "markedEmpty")
        {
            text.Good();
            json.Good();
        }
        else
        {
            text.Missed().ShouldBe(Missing(name));
            json.Missed().ShouldBe(Missing(name));
        }
    }

    [Fact]
    public void TellsTheFirstMissingBeforeTheFirstWrong()
    {
        var some = PresenceAction.All.Where(pair => pair.Name is not ("number" or "implied")).Append(("positionalNumber", "x")).ToArray();

        Sent.Texts(some).Bind(Descriptors, Bind).Missed().ShouldBe(Missing("number"));
    }

    [Fact]
    public void SaysWhatIsRequired()
    {
        Descriptors.Where(input => input.Required).Select(input => input.Name).ShouldBe(PresenceAction.All.Select(pair => pair.Name));
    }

    [Fact]
    public void TakesDefaultsOfParameters()
    {
        var input = Sent.Texts(PresenceAction.All).Bind(Descriptors, Bind).Good();

        input.PositionalDefault.ShouldBe("d");
        input.PositionalColour.ShouldBe(Colour.DarkGreen);
        input.PositionalNothing.ShouldBeNull();
        Descriptors.Single(one => one.Name == "positionalColour").Default.ShouldBe("DarkGreen");
    }

    private static string Missing(string name) =>
        name == "markedWords" ? "give me markedWords!" : $"{name} is a required parameter for this action";

    private static string Json(string name, string value)
    {
        var others = PresenceAction.All.Where(pair => pair.Name != name).Select(pair => $"\"{pair.Name}\":{(pair.Name == "numbers" ? pair.Value : $"\"{pair.Value}\"")}");
        return $"{{{string.Join(',', others)},\"{name}\":{value}}}";
    }
}
