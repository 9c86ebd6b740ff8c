namespace Polywire;

/// <summary>An answer that is not a JSON object of the action's own.</summary>
public sealed class ActionResult
{
    private ActionResult()
    {
    }

    internal string? FilePath { get; private init; }

    internal string? TextContent { get; private init; }

    internal string? ContentType { get; private init; }

    internal object? Value { get; private init; }

    /// <summary>No answer at all: it was, or will be, sent another way.</summary>
    public static ActionResult None { get; } = new();

    /// <summary>The content of a file of the public folders; on the socket raw bytes, on the web with its headers.</summary>
    /// <param name="path">Relative to a public folder.</param>
    public static ActionResult File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ActionResult { FilePath = path };
    }

    /// <summary>Plain text; where the transport knows only JSON objects it is wrapped as <c>{"response":TEXT}</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="contentType">The content type on the web; <c>text/plain; charset=utf-8</c> by default.</param>
    public static ActionResult Text(string text, string contentType = "text/plain; charset=utf-8")
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ActionResult { TextContent = text, ContentType = contentType };
    }

    /// <summary>An ordinary answer, for actions that answer with one of the others at times.</summary>
    /// <param name="value">Any value that serialises to JSON.</param>
    public static ActionResult Json(object? value) => new() { Value = value ?? new Dictionary<string, object?>() };
}
