using System.ComponentModel;
using System.Text.RegularExpressions;

namespace Polywire.Binding;

/// <summary>The checks of DataAnnotations that are more than a comparison, as that library does them.</summary>
/// <remarks>Made for generated code; its members follow the generator, not the application. Within a major version none goes, so what was compiled earlier runs.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InputRules
{
    /// <summary>How long a pattern may take over one value where its attribute says nothing.</summary>
    public const int PatternTimeoutMilliseconds = 250;

    /// <summary>Whether the whole text matches; empty text always does, and text that takes too long never.</summary>
    public static bool Matches(Regex pattern, string value)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (string.IsNullOrEmpty(value))
        {
            return true;
        }

        try
        {
            foreach (var match in pattern.EnumerateMatches(value))
            {
                return match.Index == 0 && match.Length == value.Length;
            }

            return false;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Whether the text has one <c>@</c>, neither first nor last, and no line ends.</summary>
    public static bool IsEmailAddress(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var at = value.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at != value.Length - 1 && at == value.LastIndexOf('@') && value.AsSpan().IndexOfAny('\r', '\n') < 0;
    }

    /// <summary>Whether the text begins as an address of http, https or ftp.</summary>
    public static bool IsUrl(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || value.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || value.StartsWith("ftp://", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Lets a formatter change a value.</summary>
    public static T Format<TFormatter, T>(T value)
        where TFormatter : IInputFormatter<T> => TFormatter.Format(value);

    /// <summary>Lets a formatter give a value another type.</summary>
    public static TOut Format<TFormatter, TIn, TOut>(TIn value)
        where TFormatter : IInputFormatter<TIn, TOut> => TFormatter.Format(value);

    /// <summary>Lets a validator look at a value that may have to ask for it.</summary>
    public static ValueTask<string?> ValidateAsync<TValidator, T>(T value, string name, ActionContext context)
        where TValidator : IAsyncInputValidator<T> => TValidator.ValidateAsync(value, name, context);

    /// <summary>How many elements there are.</summary>
    public static int Count<T>(IEnumerable<T> value) => value.TryGetNonEnumeratedCount(out var count) ? count : value.Count();
}
