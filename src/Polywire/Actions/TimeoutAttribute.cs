using Polywire.Inputs;

namespace Polywire;

/// <summary>The deadline of one action's runs, in place of <see cref="PolywireOptions.ActionTimeout"/>.</summary>
/// <param name="timeout">A time span such as <c>"00:00:10"</c>, hours from 0 to 23, days as <c>1.00:00:00</c>; <c>"00:00:00"</c> for none.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TimeoutAttribute(string timeout) : Attribute
{
    /// <summary>The deadline; zero for none.</summary>
    /// <exception cref="FormatException">The text is not a time span.</exception>
    public TimeSpan Timeout { get; } = Parse(timeout);

    private static TimeSpan Parse(string text) =>
        TimeSpanText.TryParse(text, out var result) ? result : throw new FormatException($"'{text}' is no time span such as {TimeSpanText.Form}.");
}
