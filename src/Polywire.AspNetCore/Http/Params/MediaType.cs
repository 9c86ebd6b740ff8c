using System.Buffers;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>What a content type says of a body: the type and subtype alone decide, never a parameter.</summary>
/// <remarks>
/// A page of another origin may send <c>text/plain; x=json</c> without being asked, so that is no JSON (RFC 9110, 8.3). Source:
/// docs/protocol/http.md, "Bodies".
/// </remarks>
internal static class MediaType
{
    // Types are tokens (RFC 9110, 5.6.2).
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>How a body of a content type is read.</summary>
    public static BodyKind KindOf(string contentType)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        var whole = (end < 0 ? contentType : contentType.AsSpan(0, end)).Trim(" \t");
        var slash = whole.IndexOf('/');
        if (slash <= 0)
        {
            return BodyKind.Ignored;
        }

        var type = whole[..slash];
        var subtype = whole[(slash + 1)..];
        if (subtype.IsEmpty || type.ContainsAnyExcept(TokenCharacters) || subtype.ContainsAnyExcept(TokenCharacters))
        {
            return BodyKind.Ignored;
        }

        return Is(subtype, "octet-stream") ? BodyKind.File
            : Is(subtype, "x-www-form-urlencoded") ? BodyKind.Form
            : Is(type, "multipart") ? BodyKind.Multipart
            : Is(subtype, "json") || Is(subtype, "x-json") || subtype.EndsWith("+json", StringComparison.OrdinalIgnoreCase) ? BodyKind.Json
            : BodyKind.Ignored;
    }

    private static bool Is(ReadOnlySpan<char> text, string name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);
}
