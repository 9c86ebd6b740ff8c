using System.Globalization;
using Microsoft.Extensions.Options;

namespace Polywire.Hosting;

/// <summary>Collects what is wrong with settings: full name, value, allowed range.</summary>
/// <param name="section">The configuration path of the options.</param>
internal sealed class OptionsCheck(string section)
{
    public const string TextRequired = "a text is required";

    private readonly List<string> _failures = [];

    public ValidateOptionsResult Result => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    public OptionsCheck Between<T>(string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            Fail(name, value, string.Create(CultureInfo.InvariantCulture, $"allowed is {least} to {most}"));
        }

        return this;
    }

    public OptionsCheck NotEmpty(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            Fail(name, value, TextRequired);
        }

        return this;
    }

    public OptionsCheck NoneEmpty(string name, IList<string> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            NotEmpty(string.Create(CultureInfo.InvariantCulture, $"{name}:{i}"), values[i]);
        }

        return this;
    }

    public OptionsCheck That(bool condition, string name, object? value, string rule)
    {
        if (!condition)
        {
            Fail(name, value, rule);
        }

        return this;
    }

    private void Fail(string name, object? value, string rule) =>
        _failures.Add(string.Create(CultureInfo.InvariantCulture, $"{section}:{name} is {(value is null or "" ? "empty" : $"'{value}'")}: {rule}."));
}
