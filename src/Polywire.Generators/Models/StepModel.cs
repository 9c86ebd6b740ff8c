namespace Polywire.Generators.Models;

/// <summary>A formatter, a validator or a check of one input.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Code">The type of a formatter or validator; when a check refuses, <see cref="Value"/> standing for the value.</param>
/// <param name="Message">What a check says, as code.</param>
internal sealed record StepModel(StepKind Kind, string Code, string Message = "")
{
    /// <summary>Stands for the value; literals have no such character unescaped.</summary>
    public const string Value = "\u0001";
}

/// <summary>The kinds of step.</summary>
internal enum StepKind
{
    Format,
    Validate,
    Check,
}
