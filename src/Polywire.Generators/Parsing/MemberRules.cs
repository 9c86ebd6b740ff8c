using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>What the attributes of one input say.</summary>
internal sealed class MemberRules
{
    public bool IsRequired { get; set; }

    public bool AllowsEmpty { get; set; }

    public bool IsSecret { get; set; }

    public bool HasFormatters { get; set; }

    public string? MissingText { get; set; }

    /// <summary>Formatters, then checks; each in the order they are written.</summary>
    public List<StepModel> Steps { get; } = [];

    /// <summary>Validators that are asked once the object is made, in the order they are written.</summary>
    public List<string> Asks { get; } = [];

    /// <summary>Limits in the words of JSON Schema, as code.</summary>
    public List<KeyValuePair<string, string>> Constraints { get; } = [];

    public void Limit(string word, string? value)
    {
        if (value is not null)
        {
            Constraints.RemoveAll(pair => pair.Key == word);
            Constraints.Add(new KeyValuePair<string, string>(word, value));
        }
    }
}
