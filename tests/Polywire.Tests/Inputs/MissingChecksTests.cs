using Microsoft.Extensions.DependencyInjection;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Inputs;

/// <summary>core.md I-7, I-22: what counts as missing is a setting.</summary>
public class MissingChecksTests : HostTest
{
    [Theory]
    [InlineData(MissingChecks.All, "\"\"", false)]
    [InlineData(MissingChecks.All, "null", false)]
    [InlineData(MissingChecks.Null, "\"\"", true)]
    [InlineData(MissingChecks.Null, "null", false)]
    [InlineData(MissingChecks.Empty, "\"\"", false)]
    [InlineData(MissingChecks.Empty, "null", true)]
    [InlineData(MissingChecks.None, "\"\"", true)]
    [InlineData(MissingChecks.None, "null", true)]
    [InlineData(MissingChecks.None, null, false)]
    public async Task UntypedInputs(MissingChecks checks, string? sent, bool isThere) =>
        (await AnswerAsync("dynamic", checks, sent)).ShouldBe(isThere ? $$"""{"name":{{sent}}}""" : Missing);

    [Theory]
    [InlineData("generated", MissingChecks.All, "\"\"", false)]
    [InlineData("generated", MissingChecks.Null, "\"\"", true)]
    [InlineData("generated", MissingChecks.None, "null", false)]
    [InlineData("generated", MissingChecks.None, null, false)]
    [InlineData("delegate", MissingChecks.All, "\"\"", false)]
    [InlineData("delegate", MissingChecks.Null, "\"\"", true)]
    [InlineData("delegate", MissingChecks.None, "null", false)]
    [InlineData("delegate", MissingChecks.None, null, false)]
    public async Task TypedInputs(string action, MissingChecks checks, string? sent, bool isThere) =>
        (await AnswerAsync(action, checks, sent)).ShouldBe(isThere ? """{"what":"[]"}""" : Missing);

    private const string Missing = """{"error":"name is a required parameter for this action"}""";

    private async Task<string> AnswerAsync(string action, MissingChecks checks, string? sent)
    {
        var host = await StartAsync(
            polywire =>
            {
                polywire.MapDynamicAction("dynamic", inputs => inputs.Required("name"), (context, _) =>
                {
                    context.Response["name"] = context.Params["name"];
                    return Task.CompletedTask;
                });
                polywire.MapAction("delegate", (NameAction.Input input) => new Done($"[{input.Name}]"));
                polywire.AddAction(Generated.Polywire_Tests_Actions.Polywire_Tests_Inputs_NameAction());
            },
            options => options.Configuration["Polywire:MissingChecks"] = checks.ToString());
        var client = await host.ConnectAsync();
        var name = sent is null ? "" : $$""","name":{{sent}}""";
        return await HostTest.AnswerAsync(client, $$"""{"action":"{{action}}"{{name}}}""");
    }
}
