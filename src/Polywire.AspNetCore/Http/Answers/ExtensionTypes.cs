using System.Collections.Frozen;
using Polywire.AspNetCore.Http.Files;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>The content type that the extension of a path gives an action's answer.</summary>
/// <remarks>
/// Source: docs/protocol/http.md, "Extensions". Whoever writes a link chooses its path, so the extension counts only for a path that a route of
/// the action took, and only for types that a browser neither runs nor draws as a document.
/// </remarks>
internal sealed class ExtensionTypes(FileTypes types)
{
    private static readonly FrozenSet<string> PlainTexts = FrozenSet.ToFrozenSet(
        ["text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/calendar", "text/vcard", "text/x-vcard", "text/richtext"],
        StringComparer.OrdinalIgnoreCase);

    // What is no XML, and a browser or one of its plug-ins runs or draws all the same.
    private static readonly string[] Active =
        ["script", "pdf", "xhtml", "html", "wasm", "java", "flash", "silverlight", "director", "hta", "x-msdownload", "manifest", "mhtml"];

    /// <summary>The type; null where the extension does not count, or has none that may be given.</summary>
    /// <param name="request">The request, its route known.</param>
    /// <param name="action">What ran; null for nothing.</param>
    public string? Find(WebRequest request, ActionDescriptor? action) =>
        action is { MatchesExtension: true }
        && request.Route is { Route.Action: { } routed } && routed == action.Name
        && request.Target.Extension is { Length: > 0 } extension
        && types.Find($".{extension}") is { } type
        && IsInert(type) ? type : null;

    /// <summary>Whether a browser does no more with a type than to show it as a picture, a sound or plain text, or to save it.</summary>
    /// <param name="type">A content type, with or without parameters.</param>
    internal static bool IsInert(string type)
    {
        var media = (type.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? type[..end] : type).Trim();
        if (media.EndsWith("xml", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return Is(media, "text/") ? PlainTexts.Contains(media)
            : Is(media, "application/") ? !Array.Exists(Active, word => media.Contains(word, StringComparison.OrdinalIgnoreCase))
            : Is(media, "image/") || Is(media, "audio/") || Is(media, "video/") || Is(media, "font/");
    }

    private static bool Is(string type, string beginning) => type.StartsWith(beginning, StringComparison.OrdinalIgnoreCase);
}
