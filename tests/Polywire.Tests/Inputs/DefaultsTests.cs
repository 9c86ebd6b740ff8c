using Polywire.Binding;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

public sealed class DefaultsTests
{
    private static readonly InputDescriptor[] Descriptors = GeneratedInputs.Polywire_Tests_Inputs_DefaultsAction_Input;
    private static readonly InputBinder<DefaultsAction.Input> Bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_DefaultsAction_Input;

    [Fact]
    public void TakesTheInitializersOfWhatWasNotSent()
    {
        var input = Sent.Texts().Bind(Descriptors, Bind).Good();
        var expected = new DefaultsAction.Input() with { Counted = input.Counted, Made = "" };

        input.ShouldBe(expected with { List = input.List, Array = input.Array, Filled = input.Filled, Dictionary = input.Dictionary });
        input.List.ShouldBeEmpty();
        input.Array.ShouldBeEmpty();
        input.Filled.ShouldBe([1, 2]);
        input.Dictionary.ShouldBeEmpty();
        input.Counted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void TakesTheInitializersWhereNullWasSent()
    {
        var names = Descriptors.Where(one => !one.Required).Select(one => $"\"{one.Name}\":null");
        var input = Sent.Json($"{{{string.Join(',', names)}}}").Bind(Descriptors, Bind).Good();

        input.Text.ShouldBe("a\"b\\c\n");
        input.Number.ShouldBe(-5);
        input.Span.ShouldBe(TimeSpan.FromSeconds(3));
        input.Filled.ShouldBe([1, 2]);
        input.Nullable.ShouldBeNull();
        input.NullableNumber.ShouldBeNull();
        input.NullableSpan.ShouldBeNull();
        input.Made.ShouldBeNull();
    }

    [Fact]
    public void TakesWhatWasSent()
    {
        var input = Sent.Json(
            """
            {"text":"t","const":"c","nullable":"","number":1,"nullableNumber":2,"byte":3,"money":4.5,"flag":false,"colour":"Red",
             "list":[1],"counted":77,"span":"00:00:01","nullableSpan":"00:00:02","made":" ab ","filled":[],"settable":11,"dictionary":{"a":1}}
            """).Bind(Descriptors, Bind).Good();

        (input.Text, input.Const, input.Nullable, input.Number, input.NullableNumber).ShouldBe(("t", "c", "", 1, 2));
        (input.Byte, input.Money, input.Flag, input.Colour).ShouldBe(((byte)3, 4.5m, false, Colour.Red));
        (input.Counted, input.Span, input.NullableSpan).ShouldBe((77, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        (input.Made, input.Settable).ShouldBe(("ab", 11));
        input.List.ShouldBe([1]);
        input.Filled.ShouldBeEmpty();
        input.Dictionary.ShouldHaveSingleItem();
    }

    [Fact]
    public void ChecksWhatWasSentForAMemberWithAnInitializer() =>
        Sent.Texts(("made", "  abcde")).Bind(Descriptors, Bind).Refused().ShouldBe("The field made must be a string with a maximum length of 4.");

    [Fact]
    public void TakesEmptyTextForNotSent()
    {
        var input = Sent.Texts(("number", ""), ("span", ""), ("nullableNumber", ""), ("text", "")).Bind(Descriptors, Bind).Good();

        (input.Number, input.Span, input.NullableNumber, input.Text).ShouldBe((-5, TimeSpan.FromSeconds(3), 6, ""));
    }

    [Fact]
    public void ShowsConstantDefaults()
    {
        var shown = Descriptors.Where(one => one.HasDefault).ToDictionary(one => one.Name, one => one.Default);

        shown["text"].ShouldBe("a\"b\\c\n");
        shown["const"].ShouldBe("const!");
        shown["empty"].ShouldBe("");
        shown["number"].ShouldBe(-5);
        shown["nullableNumber"].ShouldBe(6);
        shown["byte"].ShouldBe(7);
        shown["long"].ShouldBe(2147483648L);
        shown["unsigned"].ShouldBe(18446744073709551615m);
        shown["money"].ShouldBe(1.10m);
        shown["double"].ShouldBe(1e-7);
        shown["float"].ShouldBe(0.1d);
        shown["flag"].ShouldBe(true);
        shown["letter"].ShouldBe("'");
        shown["colour"].ShouldBe("DarkGreen");
        shown["cast"].ShouldBeNull();
        shown["array"].ShouldBe(Array.Empty<string>());
        shown["zero"].ShouldBe(0);
        shown["off"].ShouldBe(false);
        shown["first"].ShouldBe("Red");
        shown["counted"].ShouldBeNull();
        shown.ShouldNotContainKey("noId");
    }

    [Fact]
    public void MissesNullForAMarkedOneButNotItsAbsence()
    {
        Sent.Texts().Bind(Descriptors, Bind).Good().MarkedWithDefault.ShouldBe(8);
        Sent.Json("""{"markedWithDefault":null}""").Bind(Descriptors, Bind).Missed();
        Sent.Texts(("markedWithDefault", "")).Bind(Descriptors, Bind).Missed();
    }

    [Fact]
    public void BindsStructs()
    {
        var set = Sent.Texts(("number", "4"));
        var input = set.Bind(GeneratedInputs.Polywire_Tests_Inputs_DefaultsOfStructAction_Input, GeneratedInputs.Bind_Polywire_Tests_Inputs_DefaultsOfStructAction_Input).Good();

        (input.Number, input.Span).ShouldBe((4, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void BindsARecordWithoutMembers()
    {
        var set = Sent.Texts(("a", "b"));

        set.Bind(GeneratedInputs.Polywire_Tests_Inputs_EmptyInputAction_Input, GeneratedInputs.Bind_Polywire_Tests_Inputs_EmptyInputAction_Input).Good().ShouldNotBeNull();
    }
}
