using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Inputs;

/// <summary>Validation attributes on the inputs of delegates, told as those of classes are.</summary>
public class DelegateValidationTests : HostTest
{
    [Theory]
    [InlineData("""{"name":"bob"}""", "bob")]
    [InlineData("""{"name":"bob","pages":100}""", "bob")]
    [InlineData("""{"name":"bob","lines":[{"amount":1,"unit":"kg"}]}""", "bob")]
    [InlineData("""{"name":"bob","even":null}""", "bob")]
    public async Task WhatFitsRuns(string input, string expected) => (await RunAsync(input)).ShouldBe(expected);

    [Theory]
    [InlineData("{}", "name is a required parameter for this action", ActionStatus.MissingParams)]
    [InlineData("""{"name":""}""", "name is a required parameter for this action", ActionStatus.MissingParams)]
    [InlineData(
        """{"name":"bobby"}""", "The field name must be a string with a maximum length of 4.", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","pages":0}""", "The field pages must be between 1 and 100.", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","even":3}""", "even is odd", ActionStatus.ValidatorErrors)]
    [InlineData(
        """{"name":"bob","first":{"amount":-1,"unit":"kg"}}""", "The field first.amount must be between 0 and 10.", ActionStatus.ValidatorErrors)]
    [InlineData(
        """{"name":"bob","lines":[{"amount":1,"unit":"kg"},{"amount":11,"unit":"kg"}]}""",
        "The field lines.1.amount must be between 0 and 10.",
        ActionStatus.ValidatorErrors)]
    [InlineData(
        """{"name":"bob","lines":[{"amount":1}]}""", "lines.0.unit is a required parameter for this action", ActionStatus.MissingParams)]
    [InlineData("""{"name":"no"}""", "not no", ActionStatus.ValidatorErrors)]
    public async Task WhatDoesNotIsRefusedByItsWireName(string input, string text, ActionStatus status)
    {
        var error = await RunAsync(input).ShouldThrowAsync<ActionException>();

        (error.Message, error.Status).ShouldBe((text, status));
    }

    [Fact]
    public async Task ADefaultIsNotChecked() => (await RunAsync("""{"name":"bob"}""", (LateInput input) => new Done($"{input.Pages}"))).ShouldBe("-1");

    [Fact]
    public async Task LimitsAreDescribed()
    {
        var host = await StartAsync(polywire => polywire.MapAction("bind", (Input input) => new Done(input.Name)));

        var inputs = host.Services.GetRequiredService<IActions>().All.Single().Inputs;

        inputs.ToDictionary(input => input.Name, input => string.Join(' ', input.Constraints.Select(pair => $"{pair.Key}={pair.Value}")))
            .ShouldBe(new Dictionary<string, string>
            {
                ["name"] = "maxLength=4",
                ["pages"] = "minimum=1 maximum=100",
                ["even"] = "",
                ["first"] = "",
                ["lines"] = "maxItems=2",
                ["above"] = "exclusiveMinimum=0 maximum=1",
                ["below"] = "minimum=0 exclusiveMaximum=1",
            });
        inputs[0].Required.ShouldBeTrue();
    }

    private Task<string> RunAsync(string input) => RunAsync(input, (Input given) => new Done(given.Name));

    private async Task<string> RunAsync<TInput>(string input, Func<TInput, Done> run)
    {
        var host = await StartAsync(polywire => polywire.MapAction("bind", run));
        var client = await host.ConnectAsync();
        return (await client.RunAsync<Done>("bind", System.Text.Json.Nodes.JsonNode.Parse(input))).What;
    }

    private sealed class Input : IValidatableInput
    {
        [Required, StringLength(4)]
        public string Name { get; init; } = "";

        [Range(1, 100)]
        public int Pages { get; init; } = 10;

        [Even]
        public int? Even { get; init; }

        public Line? First { get; init; }

        [MaxLength(2)]
        public Line[] Lines { get; init; } = [];

        [Range(0d, 1d, MinimumIsExclusive = true)]
        public double? Above { get; init; }

        [Range(0d, 1d, MaximumIsExclusive = true)]
        public double? Below { get; init; }

        public ValueTask<string?> ValidateAsync(ActionContext context) => new(Name == "no" ? "not no" : null);
    }

    private sealed record Line([Range(0, 10)] int Amount)
    {
        [Required]
        public string? Unit { get; init; }
    }

    private sealed record LateInput(string Name, [property: Range(1, 100)] int Pages = -1);

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class EvenAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is int number && number % 2 != 0 ? new ValidationResult($"{validationContext.DisplayName} is odd") : ValidationResult.Success;
    }
}
