using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Compression;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>What holds for the body of any answer.</summary>
internal static class AnswerBody
{
    /// <summary>Whether an answer of a status has a body (RFC 9110, 6.4.1); the server refuses to write one where it has not.</summary>
    public static bool IsAllowed(int status) => status is >= 200 and not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);

    /// <summary>Writes what an action pipes, to its end.</summary>
    public static async Task PipeAsync(HttpContext http, Stream content)
    {
        await using (content)
        {
            if (ObligatoryHeaders.Has(http.Response.StatusCode))
            {
                await ObligatoryHeaders.CompleteAsync(http);
            }

            if (IsAllowed(http.Response.StatusCode) && !http.Request.IsHead())
            {
                await content.CopyToAsync(http.Response.Body, http.RequestAborted);
            }
        }

        await http.Response.CompleteAsync();
    }

    /// <summary>Copies all that a stream has, with its length where it knows that.</summary>
    public static async Task CopyAsync(HttpContext http, Stream stream, AnswerCompression compression)
    {
        var response = http.Response;
        if (!IsAllowed(response.StatusCode))
        {
            response.ContentType = null;
            return;
        }

        long? length = stream.CanSeek ? stream.Length - stream.Position : null;
        var coding = compression.Start(http, response.ContentType, length);
        if (coding == ContentCoding.Identity)
        {
            response.ContentLength = length;
        }

        if (http.Request.IsHead())
        {
            return;
        }

        if (coding == ContentCoding.Identity)
        {
            await stream.CopyToAsync(response.Body, http.RequestAborted);
            return;
        }

        await using var coded = ContentCodings.Open(coding, response.Body);
        await stream.CopyToAsync(coded, http.RequestAborted);
    }
}
