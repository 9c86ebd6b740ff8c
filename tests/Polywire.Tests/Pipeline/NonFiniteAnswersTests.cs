using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>Numbers that JSON has no word for: the log says where they stand, the client that something is wrong.</summary>
public class NonFiniteAnswersTests : HostTest
{
    [Theory]
    [InlineData("member", "$.value")]
    [InlineData("negative", "$.value")]
    [InlineData("single", "$.value")]
    [InlineData("nested", "$.inner.list[2].value")]
    [InlineData("table", "$.byName.b")]
    [InlineData("alone", "$")]
    [InlineData("list", "$[1]")]
    [InlineData("extra", "$.ratio")]
    [InlineData("extraList", "$.ratios[0]")]
    [InlineData("error", "$.error.limit")]
    public async Task TheLogNamesTheMember(string action, string path)
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("member", (Empty _) => new Number(double.NaN));
            polywire.MapAction("negative", (Empty _) => new Number(double.NegativeInfinity));
            polywire.MapAction("single", (Empty _) => new Small(float.PositiveInfinity));
            polywire.MapAction("nested", (Empty _) => new Outer(new Inner([new Number(1), new Number(2), new Number(double.NaN)])));
            polywire.MapAction("table", (Empty _) => new Table(new Dictionary<string, double> { ["a"] = 1, ["b"] = double.NaN }));
            polywire.MapAction("alone", (Empty _) => double.NaN);
            polywire.MapAction("list", (Empty _) => new[] { 1, double.NaN });
            polywire.MapDynamicAction("extra", _ => { }, (context, _) => Set(context, "ratio", double.NaN));
            polywire.MapDynamicAction("extraList", _ => { }, (context, _) => Set(context, "ratios", new[] { float.NaN }));
            polywire.MapDynamicAction("error", _ => { }, (_, _) => throw new ActionException("no") { Value = new Limited(double.NaN) });
        });
        ExpectedErrors = entry => entry.Message.Contains("could not be written as JSON");
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":"{{action}}"}""")).ShouldBe("""{"error":"internal error"}""");

        var line = host.Logs.GetSnapshot().Single(entry => entry.Level == LogLevel.Error);
        line.Exception!.Message.ShouldBe($"{path} is not a number or infinite, which JSON cannot say.");
        line.Message.ShouldContain(action);
    }

    private static Task Set(ActionContext context, string name, object value)
    {
        context.Response[name] = value;
        return Task.CompletedTask;
    }

    private sealed record Number(double Value);

    private sealed record Small(float Value);

    private sealed record Inner(Number[] List);

    private sealed record Outer(Inner Inner);

    private sealed record Table(Dictionary<string, double> ByName);

    private sealed record Limited(double Limit);
}
