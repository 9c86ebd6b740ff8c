using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Polywire.Testing;

/// <summary>One log entry as <see cref="RecordingLoggerProvider"/> kept it.</summary>
/// <remarks>Immutable, but for what the values of <see cref="State"/> are themselves.</remarks>
public sealed class RecordedLog
{
    internal RecordedLog(
        string category,
        LogLevel level,
        EventId eventId,
        string message,
        IReadOnlyList<KeyValuePair<string, object?>> state,
        Exception? exception,
        IReadOnlyList<string> scopes)
    {
        Category = category;
        Level = level;
        EventId = eventId;
        Message = message;
        State = state;
        Exception = exception;
        Scopes = scopes;
    }

    /// <summary>The logger's category, as a rule the full name of a type.</summary>
    public string Category { get; }

    /// <summary>The level it was logged at.</summary>
    public LogLevel Level { get; }

    /// <summary>The event's id and name; id 0 where none was given.</summary>
    public EventId EventId { get; }

    /// <summary>The message with its values filled in.</summary>
    public string Message { get; }

    /// <summary>
    /// The structured values in the order of the message, the template itself under <c>{OriginalFormat}</c>; empty where the entry has none.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, object?>> State { get; }

    /// <summary>The exception logged with it, or null.</summary>
    public Exception? Exception { get; }

    /// <summary>The scopes in force, outermost first, each as its text.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Finds a structured value by its name in the template.</summary>
    /// <param name="name">Case-sensitive.</param>
    /// <returns>The value, or null where there is none of that name.</returns>
    public object? this[string name]
    {
        get
        {
            foreach (var pair in State)
            {
                if (pair.Key == name)
                {
                    return pair.Value;
                }
            }

            return null;
        }
    }

    /// <summary>Level, category, event and message on one line; the exception, if any, on those that follow.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Level} {Category}[{EventId.Id}] {Message}");
        if (Exception is not null)
        {
            text.AppendLine().Append(Exception);
        }

        return text.ToString();
    }
}
