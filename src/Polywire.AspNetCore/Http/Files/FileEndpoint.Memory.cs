using Microsoft.AspNetCore.Http;
using Polywire.Files;

namespace Polywire.AspNetCore.Http.Files;

internal sealed partial class FileEndpoint
{
    /// <summary>Answers with what is no file on disk, its conditions and ranges looked at as a file's; nothing is logged.</summary>
    /// <remarks>A <c>Cache-Control</c> that is set already stays.</remarks>
    public async ValueTask WriteAsync(HttpContext http, MemoryFile file)
    {
        var response = http.Response;
        var validators = new FileValidators(file.Content.Length, file.LastModified, file.ETag);
        response.ContentType = file.ContentType;
        if (!Select(http, validators, out var range))
        {
            return;
        }

        WriteHeaders(response, validators);
        var body = file.Content.Slice((int)range.Offset, (int)range.Length);
        if (range.Kind == FileRangeKind.Part)
        {
            _compression.Start(http, file.ContentType, body.Length, mayCode: false);
        }
        else
        {
            body = _compression.Compress(http, file.ContentType, body);
        }

        if (response.Headers.ContentEncoding.Count == 0)
        {
            WriteRange(response, range, validators.Length);
        }

        response.ContentLength = body.Length;
        if (!http.Request.IsHead())
        {
            await response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }

    private async ValueTask AnswerAsync(HttpContext http, Connection connection, string requested, MemoryFile file, long started)
    {
        var success = false;
        try
        {
            await WriteAsync(http, file);
            success = true;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; the log line says so.
        }
        finally
        {
            var sent = new PublicFile(PublicFileStatus.Found, file.Name, null, file.Content.Length, file.LastModified);
            _files.LogSent(connection, requested, sent, started, success);
        }
    }
}
