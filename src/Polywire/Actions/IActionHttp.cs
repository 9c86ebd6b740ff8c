using System.Text.Json;

namespace Polywire;

/// <summary>What only HTTP has of a run: method, headers, cookies and the rest of the request, status and headers of the answer. Not safe to use concurrently.</summary>
/// <remarks>
/// <para>Answer headers, cookies and status count until the run ends.</para>
/// <para>
/// Implemented by Polywire alone; members are added in minor versions. A test takes the one of a real request (<c>WebApplicationFactory</c>), or a fake that is made at run time
/// and so has members that come later: of a mocking library, or one that derives from <see cref="System.Reflection.DispatchProxy"/>.
/// </para>
/// </remarks>
public interface IActionHttp
{
    /// <summary>The request's method, upper case.</summary>
    string Method { get; }

    /// <summary>The route by which the action was found; <see langword="null"/> where the param <c>action</c> named it.</summary>
    MatchedRoute? MatchedRoute { get; }

    /// <summary>What follows the last dot of the path; <see langword="null"/> where there is none.</summary>
    string? Extension { get; }

    /// <summary>The request's cookies: names with case, values trimmed and undecoded, the last of one name. Never null.</summary>
    IReadOnlyDictionary<string, string> Cookies { get; }

    /// <summary>The answer's status, 200 to 599; <see langword="null"/> takes 200, or the error's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to what is no status of an answer.</exception>
    int? StatusCode { get; set; }

    /// <summary>The query as it was sent, unfiltered and not nested: a text, or an array of texts for a name that was repeated.</summary>
    IReadOnlyDictionary<string, object?> Query { get; }

    /// <summary>The fields of the body, unfiltered: an object, empty where there are none, or the list that was sent.</summary>
    JsonElement Body { get; }

    /// <summary>The uploads that the action takes, by name; of several of one name the last. Empty where there are none.</summary>
    /// <remarks>Those of inputs that are files or may be anything; of any name with <see cref="AcceptsFilesAttribute"/>. Others are never stored.</remarks>
    IReadOnlyDictionary<string, UploadedFile> Files { get; }

    /// <summary>
    /// The undecoded bytes of the body, whatever its content type; <see langword="null"/> where they are not kept (<c>Polywire:Web:SaveRawBody</c>)
    /// or nothing was sent.
    /// </summary>
    ReadOnlyMemory<byte>? RawBody { get; }

    /// <summary>A request header's value; <see langword="null"/> where it was not sent.</summary>
    string? GetHeader(string name);

    /// <summary>A request cookie's value, undecoded; names with case; <see langword="null"/> where it was not sent.</summary>
    string? GetCookie(string name);

    /// <summary>Sets an answer header, replacing one of the same name.</summary>
    /// <exception cref="ArgumentException">
    /// Name or value has characters that headers cannot have, or the header is <c>Content-Length</c> or <c>Transfer-Encoding</c>.
    /// </exception>
    /// <exception cref="InvalidOperationException">The request has been answered.</exception>
    void SetHeader(string name, string value);

    /// <summary>Adds a cookie to the answer.</summary>
    /// <param name="name">The cookie's name.</param>
    /// <param name="value">Written as it is.</param>
    /// <param name="attributes">What follows the value, <c>Path=/; HttpOnly</c>; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">A part has characters that headers cannot have.</exception>
    /// <exception cref="InvalidOperationException">The request has been answered.</exception>
    void SetCookie(string name, string value, string? attributes = null);

    /// <summary>Writes the answer from a stream at once, in place of whatever the action answers otherwise.</summary>
    /// <remarks>
    /// Sent are <see cref="StatusCode"/> and the headers given here alone: not the default ones, no cookie, none of <see cref="SetHeader"/>.
    /// The answer ends when the stream does; the request waits for it. If the stream fails, the connection is cut, so that the client
    /// does not take a part for the whole.
    /// </remarks>
    /// <param name="content">Read from where it stands and disposed.</param>
    /// <param name="headers">Headers of the answer, <c>Content-Type</c> among them; <see langword="null"/> for none.</param>
    /// <returns>Completes when all has been written.</returns>
    /// <exception cref="ArgumentException">A header has characters that headers cannot have.</exception>
    /// <exception cref="InvalidOperationException">The answer has begun, or the request has been answered.</exception>
    Task PipeAsync(Stream content, IReadOnlyDictionary<string, string>? headers = null);
}
