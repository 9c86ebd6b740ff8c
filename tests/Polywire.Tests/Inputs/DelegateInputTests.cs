using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Inputs;

/// <summary>Inputs of delegates take what those of classes take (core.md I-7, I-20 to I-22).</summary>
public class DelegateInputTests : HostTest
{
    [Theory]
    [InlineData("""{"color":"Red"}""", "Red")]
    [InlineData("""{"color":"dark red"}""", null)]
    [InlineData("""{"color":"bLUE"}""", "Blue")]
    [InlineData("""{"color":"red"}""", "red")]
    [InlineData("""{"color":2}""", "Blue")]
    [InlineData("""{"color":"2"}""", null)]
    [InlineData("""{"color":"Red, Blue"}""", null)]
    [InlineData("""{"color":["Red"]}""", null)]
    [InlineData("""{"word":"Green"}""", "Green")]
    [InlineData("""{"colors":["Red","blue"]}""", "Red Blue")]
    [InlineData("""{"byName":{"a":"Blue"}}""", "a=Blue")]
    [InlineData("""{"inner":{"color":"Blue"}}""", "Blue")]
    [InlineData("""{"inner":{"color":"Beige"}}""", null)]
    public async Task I21_EnumsComeByName(string parameters, string? expected) => await ExpectAsync(parameters, expected);

    [Theory]
    [InlineData("""{"at":1700000000000}""", "2023-11-14T22:13:20Z")]
    [InlineData("""{"at":"1700000000000"}""", "2023-11-14T22:13:20Z")]
    [InlineData("""{"at":"2023-11-14T23:13:20+01:00"}""", "2023-11-14T22:13:20Z")]
    [InlineData("""{"at":1.5}""", null)]
    [InlineData("""{"at":"yesterday"}""", null)]
    [InlineData("""{"day":86400000}""", "1970-01-02T00:00:00Z")]
    [InlineData("""{"times":[0,"1970-01-01T00:00:01Z",null]}""", "1970-01-01T00:00:00Z 1970-01-01T00:00:01Z -")]
    [InlineData("""{"inner":{"color":"Red","at":1000}}""", "Red 1970-01-01T00:00:01Z")]
    public async Task I21_TimesComeAsMillisecondsToo(string parameters, string? expected) => await ExpectAsync(parameters, expected);

    [Theory]
    [InlineData("""{"flag":"TRUE"}""", "True")]
    [InlineData("""{"flag":1}""", "True")]
    [InlineData("""{"flag":"yes"}""", null)]
    [InlineData("""{"inner":{"color":"Red","flag":"1","text":5}}""", "Red True 5")]
    [InlineData("""{"inner":{"color":"Red","text":"\ud800"}}""", "Red \ufffd")]
    [InlineData("""{"inner":{"color":"Blue","color":"Red","text":"a","text":"b"}}""", "Red b")]
    public async Task I21_TruthAndTextComeAsTheyDoForClasses(string parameters, string? expected) => await ExpectAsync(parameters, expected);

    [Theory]
    [InlineData("""{"inner":{}}""", "inner.color is a required parameter for this action")]
    [InlineData("""{"inner":{"color":null}}""", "inner.color is a required parameter for this action")]
    [InlineData("""{"inner":{"color":""}}""", "inner.color is a required parameter for this action")]
    [InlineData("""{"inner":{"COLOR":"Red"}}""", "inner.color is a required parameter for this action")]
    [InlineData("""{"lines":[{"color":"Red"},{"text":"x"}]}""", "lines.1.color is a required parameter for this action")]
    [InlineData("""{"inner":{"color":"Red","deep":{}}}""", "inner.deep.must is a required parameter for this action")]
    [InlineData("""{"lines":[{"color":"none"},{}]}""", "lines.1.color is a required parameter for this action")]
    public async Task I7_AMissingMemberOfANestedRecordIsNamedInFull(string parameters, string text)
    {
        var error = await RunAsync(parameters).ShouldThrowAsync<ActionException>();

        (error.Status, error.Message).ShouldBe((ActionStatus.MissingParams, text));
    }

    [Fact]
    public async Task EnumsAreDescribedByTheirNames()
    {
        var host = await StartAsync(polywire => polywire.MapAction("bind", (Input _) => new Done("")));

        var color = host.Services.GetRequiredService<IActions>().All.Single().Inputs.Single(input => input.Name == "color");

        color.Type.ShouldBe("string");
        color.Constraints["enum"].ShouldBeOfType<string[]>().ShouldBe(["Green", "Red", "Blue", "red"]);
    }

    [Fact]
    public async Task EmptyTextIsAValueWhereTheAttributeSaysSo()
    {
        var host = await StartAsync(polywire => polywire.MapAction("bind", (Lenient input) => new Done($"[{input.Text}]")));

        (await host.RunAsync<Done>("bind", new { text = "" })).What.ShouldBe("[]");
    }

    [Theory]
    [InlineData(false, "[Format<Trim>]")]
    [InlineData(true, "[Validate<Upper>]")]
    public async Task ARuleThatOnlyGeneratedCodeCanAskStopsTheStart(bool nested, string rule)
    {
        var error = await PolywireTestHost.StartAsync(polywire =>
        {
            if (nested)
            {
                polywire.MapAction("bind", (Around _) => new Done(""));
            }
            else
            {
                polywire.MapAction("bind", (Formatted _) => new Done(""));
            }
        }).ShouldThrowAsync<InvalidOperationException>();

        error.Message.ShouldContain("bind v1");
        error.Message.ShouldContain(rule);
        error.Message.ShouldContain("'code'");
    }

    private async Task ExpectAsync(string parameters, string? expected)
    {
        if (expected is not null)
        {
            (await RunAsync(parameters)).ShouldBe(expected);
            return;
        }

        var error = await RunAsync(parameters).ShouldThrowAsync<ActionException>();
        error.Status.ShouldBe(ActionStatus.ValidatorErrors);
        error.Message.ShouldStartWith("Input for parameter \"");
    }

    private async Task<string> RunAsync(string parameters)
    {
        var host = await StartAsync(polywire => polywire.MapAction("bind", (Input input) => new Done(input.Shown())));
        var client = await host.ConnectAsync();
        var answer = await ResponseAsync(client, $$"""{"action":"bind",{{parameters[1..]}}""", response => (response.Error, response.Result));
        return answer.Error is { } error ? throw new ActionException(error.Message) { Status = error.Status } : ((Done)answer.Result!).What;
    }

    private enum Color
    {
        Green,
        Red,
        Blue,
        red,
    }

    [JsonConverter(typeof(JsonStringEnumConverter<Word>))]
    private enum Word
    {
        Green,
    }

    private sealed record Input(
        Color? Color = null,
        Word? Word = null,
        Color[]? Colors = null,
        Dictionary<string, Color>? ByName = null,
        DateTimeOffset? At = null,
        DateTime? Day = null,
        DateTimeOffset?[]? Times = null,
        bool? Flag = null,
        Inner? Inner = null,
        Inner[]? Lines = null)
    {
        public string Shown() => string.Join(' ', new object?[]
        {
            Color, Word, Colors is null ? null : string.Join(' ', Colors), ByName is null ? null : string.Join(' ', ByName.Select(pair => $"{pair.Key}={pair.Value}")),
            Show(At), Day is null ? null : Show(new DateTimeOffset(Day.Value)), Times is null ? null : string.Join(' ', Times.Select(time => Show(time) ?? "-")),
            Flag, Inner?.Color, Inner?.Flag, Inner?.Text, Show(Inner?.At),
        }.Where(part => part is not null));

        private static string? Show(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    private sealed record Inner(Color Color, DateTimeOffset? At = null, bool? Flag = null, string? Text = null, Deep? Deep = null);

    private sealed record Deep(int Must);

    private sealed record Lenient([property: Required(AllowEmptyStrings = true)] string Text);

    private sealed record Formatted([property: Format<Trim>] string Code);

    private sealed record Validated([Validate<Upper>] string Code);

    private sealed record Around(List<Validated> Items);

    private sealed class Trim : IInputFormatter<string>
    {
        public static string Format(string value) => value.Trim();
    }

    private sealed class Upper : IInputValidator<string>
    {
        public static string? Validate(string value, string name) => null;
    }
}
