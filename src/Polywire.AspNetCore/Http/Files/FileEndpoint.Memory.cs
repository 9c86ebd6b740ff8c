using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Polywire.AspNetCore.Http.Compression;
using Polywire.Files;

namespace Polywire.AspNetCore.Http.Files;

internal sealed partial class FileEndpoint
{
    private async ValueTask AnswerAsync(HttpContext http, Connection connection, string requested, MemoryFile file)
    {
        var started = _time.GetTimestamp();
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

    private async ValueTask WriteAsync(HttpContext http, MemoryFile file)
    {
        var response = http.Response;
        var validators = new FileValidators(file.Content.Length, file.LastModified, file.ETag);
        response.ContentType = file.ContentType;
        if (validators.IsKnownTo(http.Request.Headers, _web.EnableEtag))
        {
            WriteNotModified(http, file.Name, validators);
            return;
        }

        var range = FileRange.Of(http.Request, validators);
        if (range.Kind == FileRangeKind.Unsatisfiable)
        {
            WriteUnsatisfiable(response, validators.Length);
            return;
        }

        WriteHeaders(response, file.Name, validators);
        var body = file.Content.Slice((int)range.Offset, (int)range.Length);
        if (range.Kind == FileRangeKind.Part)
        {
            _compression.Start(http, file.ContentType, body.Length, mayCode: false);
            WritePart(response, range, validators.Length);
        }
        else
        {
            body = _compression.Compress(http, file.ContentType, body);
        }

        if (response.Headers.ContentEncoding.Count == 0)
        {
            response.Headers.AcceptRanges = "bytes";
        }

        response.ContentLength = body.Length;
        if (!http.Request.IsHead())
        {
            await response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }

    private static void WriteUnsatisfiable(HttpResponse response, long length)
    {
        response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
        response.ContentType = null;
        response.ContentLength = 0;
        response.Headers.ContentRange = new ContentRangeHeaderValue(length).ToString();
    }

    private static void WritePart(HttpResponse response, in FileRange range, long length)
    {
        response.StatusCode = StatusCodes.Status206PartialContent;
        response.Headers.ContentRange = new ContentRangeHeaderValue(range.Offset, range.Offset + range.Length - 1, length).ToString();
    }
}
