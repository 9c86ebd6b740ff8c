using Polywire.Binding;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

public sealed class StepsTests
{
    private static readonly InputDescriptor[] Descriptors = GeneratedInputs.Polywire_Tests_Inputs_StepsAction_Input;
    private static readonly InputBinder<StepsAction.Input> Bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_StepsAction_Input;

    [Fact]
    public void FormatsBeforeItChecks()
    {
        var input = Sent.Texts(("name", " n "), ("word", "  abc  "), ("number", "2")).Bind(Descriptors, Bind).Good();

        (input.Word, input.Name, input.Number).ShouldBe(("ABC", "n", 4));
    }

    [Fact]
    public void FormatsDefaults()
    {
        var input = Sent.Texts(("name", "n")).Bind(Descriptors, Bind).Good();

        (input.Default, input.Twice, input.Word, input.Number).ShouldBe(("d", 8, null, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void MissesATextThatIsEmptyOnceItIsFormatted(string name) =>
        Sent.Texts(("name", name)).Bind(Descriptors, Bind).Missed().ShouldBe("name is a required parameter for this action");

    [Theory]
    [InlineData("word", "loud", "word is too loud")]
    [InlineData("word", "long word", "The field word must be a string with a maximum length of 3.")]
    [InlineData("number", "6", "The field number must be between 0 and 10.")]
    [InlineData("number", "1", "number is odd: 2")]
    [InlineData("number", "4", "eight")]
    [InlineData("items", "[]", "items is empty")]
    public void TellsTheFirstRefusal(string name, string value, string text) =>
        Sent.Texts(("name", "n"), (name, value)).Bind(Descriptors, Bind).Refused().ShouldBe(text);

    [Fact]
    public void LeavesNullAlone()
    {
        var input = Sent.Json("""{"name":"n","word":null,"number":null,"items":null}""").Bind(Descriptors, Bind).Good();

        (input.Word, input.Number, input.Items).ShouldBe((null, null, null));
    }

    [Fact]
    public void LetsAFormatterEndTheRunWhateverElseIsWrong() =>
        Should.Throw<ActionException>(() => Sent.Texts(("thrown", "13")).Bind(Descriptors, Bind)).Message.ShouldBe("unlucky");
}
