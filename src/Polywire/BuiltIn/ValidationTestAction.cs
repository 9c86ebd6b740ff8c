namespace Polywire.BuiltIn;

/// <summary>Shows how inputs are refused: its text has to be upper case.</summary>
[Action("validationTest")]
internal sealed class ValidationTestAction : IAction<ValidationTestAction.Input, ValidationTestAction.Output>
{
    /// <param name="String">A text in upper case.</param>
    public sealed record Input([property: Validate<UpperCase>] string String);

    public sealed record Output(string String);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Output(input.String));

    public sealed class UpperCase : IInputValidator<string>
    {
        public static string? Validate(string value, string name) =>
            string.Equals(value, value.ToUpperInvariant(), StringComparison.Ordinal)
                ? null
                : $"Input for parameter \"{name}\" failed validation!";
    }
}
