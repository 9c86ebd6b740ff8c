namespace Polywire;

/// <summary>An answer other than an object with the action's own keys: a file, a text, bytes, a stream, or nothing.</summary>
public sealed class ActionResult
{
    private ActionResult()
    {
    }

    /// <summary>The file of <see cref="File"/>; null for other answers.</summary>
    public string? FilePath { get; private init; }

    /// <summary>The text of <see cref="Text"/>; null for other answers.</summary>
    public string? TextContent { get; private init; }

    /// <summary>The content type that the action named; null where it named none, so that the transport chooses it.</summary>
    public string? ContentType { get; private init; }

    /// <summary>Whether the answer is content that is sent as it is (a file, a text, bytes or a stream), not a value that is written as JSON.</summary>
    public bool IsContent => FilePath is not null || TextContent is not null || BytesContent is not null || StreamContent is not null;

    /// <summary>Whether the answer has no form in JSON: a file or a stream. A transport that cannot send such an answer sends an error.</summary>
    public bool IsRaw => FilePath is not null || StreamContent is not null;

    /// <summary>The value of <see cref="Json"/>; null for other answers.</summary>
    public object? Value { get; private init; }

    /// <summary>The bytes of <see cref="Bytes"/>; null for other answers.</summary>
    public ReadOnlyMemory<byte>? BytesContent { get; private init; }

    /// <summary>The stream of <see cref="Stream"/>; null for other answers.</summary>
    public Stream? StreamContent { get; private init; }

    /// <summary>
    /// An answer without anything of the action's own: status 200 with the envelope on the web, an empty answer elsewhere. To send no answer
    /// at all, because it was or will be sent another way, set <see cref="ActionContext.ToRender"/>.
    /// </summary>
    public static ActionResult None { get; } = new();

    /// <summary>Status 204 without a body on the web, or the status that the action set, without a body; elsewhere the same as <see cref="None"/>.</summary>
    public static ActionResult NoContent { get; } = new();

    /// <summary>The content of a file of the public folders; on the socket raw bytes, on the web with its headers.</summary>
    /// <param name="path">Relative to a public folder.</param>
    public static ActionResult File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ActionResult { FilePath = path };
    }

    /// <summary>Plain text; where the transport knows only JSON objects it is wrapped as <c>{"response":TEXT}</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="contentType">
    /// The content type on the web, which is sent as it stands. Without one it is that of the header <c>Content-Type</c> where the action set it, else
    /// that of the path's extension where that may count (<see cref="MatchExtensionMimeTypeAttribute"/>), else <c>text/plain; charset=utf-8</c>.
    /// </param>
    public static ActionResult Text(string text, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ActionResult { TextContent = text, ContentType = Named(contentType) };
    }

    /// <summary>Bytes; where the transport knows only JSON they are wrapped as <c>{"response":BASE64}</c>.</summary>
    /// <param name="bytes">The bytes; not changed until the answer has been sent.</param>
    /// <param name="contentType">The content type on the web, found as that of <see cref="Text"/>; at last <c>application/octet-stream</c>.</param>
    public static ActionResult Bytes(ReadOnlyMemory<byte> bytes, string? contentType = null)
    {
        return new ActionResult { BytesContent = bytes, ContentType = Named(contentType) };
    }

    /// <summary>All that a stream has, copied to a web client as it comes; other transports get an error.</summary>
    /// <param name="stream">Read from where it stands and disposed, whether it could be sent or not.</param>
    /// <param name="contentType">The content type, found as that of <see cref="Text"/>; at last <c>application/octet-stream</c>.</param>
    public static ActionResult Stream(Stream stream, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new ActionResult { StreamContent = stream, ContentType = Named(contentType) };
    }

    /// <summary>An ordinary answer, for actions that answer with one of the others at times.</summary>
    /// <param name="value">Any value that serialises to JSON.</param>
    public static ActionResult Json(object? value) => new() { Value = value ?? new Dictionary<string, object?>() };

    // An empty one would leave the type to the browser's guess.
    private static string? Named(string? contentType) => string.IsNullOrEmpty(contentType) ? null : contentType;
}
