using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Compression;
using Polywire.Files;

namespace Polywire.AspNetCore.Http.Files;

/// <summary>Answers with files: of the public folders, of folder routes, and those that actions send.</summary>
/// <remarks>
/// Source: docs/protocol/http-files.md. Every method is answered like <c>GET</c>. The headers of every answer are set by the caller
/// before; the status, and what concerns the file, is set here. Safe to use concurrently.
/// </remarks>
internal sealed partial class FileEndpoint
{
    private readonly PublicFiles _files;
    private readonly FileTypes _types;
    private readonly AnswerCompression _compression;
    private readonly ErrorCatalog _texts;
    private readonly TimeProvider _time;
    private readonly PolywireOptions _polywire;
    private readonly WebOptions _web;
    private readonly string _cacheControl;
    private readonly string _privateCacheControl;
    private readonly PublicFolder[] _folders;
    private readonly IMemoryFiles _memory;

    public FileEndpoint(
        PublicFiles files,
        FileTypes types,
        AnswerCompression compression,
        ErrorCatalog texts,
        TimeProvider time,
        IMemoryFiles memory,
        IOptions<PolywireOptions> polywire,
        IOptions<WebOptions> web)
    {
        _files = files;
        _types = types;
        _compression = compression;
        _texts = texts;
        _time = time;
        _memory = memory;
        _polywire = polywire.Value;
        _web = web.Value;
        var cacheControl = string.Create(CultureInfo.InvariantCulture, $"max-age={(long)_web.FlatFileCacheDuration.TotalSeconds}, must-revalidate, ");
        (_cacheControl, _privateCacheControl) = (cacheControl + "public", cacheControl + "private");
        _folders = [.. files.Directories.Select(CreateFolder)];
    }

    /// <summary>Prepares a folder for <see cref="ServeAsync"/>.</summary>
    /// <param name="path">Absolute; it need not exist yet.</param>
    public PublicFolder CreateFolder(string path) =>
        new(path, _polywire.DirectoryFileType, _polywire.FollowLinksOutside, _polywire.ServeDotFiles || _web.ServeDotFiles);

    /// <summary>Answers a request's path with the file it names, or with 404.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">Whose request it is, for the log.</param>
    /// <param name="path">What follows the prefix, or a folder route's segments: undecoded, without a slash in front; empty for the index.</param>
    /// <param name="folder">A folder route's; <see langword="null"/> for the public folders.</param>
    public async ValueTask ServeAsync(HttpContext http, Connection connection, string path, PublicFolder? folder = null)
    {
        http.Response.ContentType = null;
        var started = _time.GetTimestamp();
        if (!FilePath.TryDecode(path, _polywire.DirectoryFileType, out var name))
        {
            await AnswerAsync(http, connection, path, PublicFile.NotFound, status: null, started);
            return;
        }

        using var file = folder is null ? _files.Open(_folders, name) : _files.Open([folder], name);
        if (file.Status == PublicFileStatus.NotFound && folder is null && _memory.Find(name, http.Request.PathBase) is { } memory)
        {
            await AnswerAsync(http, connection, path, memory, started);
        }
        else
        {
            await AnswerAsync(http, connection, path, file, status: null, started);
        }
    }

    /// <summary>Answers with a file that an action names, or with 404.</summary>
    /// <remarks>A content type and a <c>Cache-Control</c> that are set already stay.</remarks>
    /// <param name="http">The request that the action runs for.</param>
    /// <param name="connection">Whose request it is, for the log.</param>
    /// <param name="name">Relative to a public folder, decoded; a folder stands for its index.</param>
    /// <param name="status">What the action set; any but 200 is an answer of its own, never 304, 206, 412 or 416.</param>
    public async ValueTask SendAsync(HttpContext http, Connection connection, string name, int? status)
    {
        var started = _time.GetTimestamp();
        using var file = FilePath.TryNormalize(name, out var normal) ? _files.Open(_folders, normal) : PublicFile.NotFound;
        await AnswerAsync(http, connection, name, file, status, started);
    }

    private async ValueTask AnswerAsync(HttpContext http, Connection connection, string requested, PublicFile file, int? status, long started)
    {
        var success = false;
        try
        {
            if (file.Status == PublicFileStatus.Found)
            {
                if (status is { } own && ObligatoryHeaders.Has(own))
                {
                    http.Response.StatusCode = own;
                    await ObligatoryHeaders.CompleteAsync(http);
                }

                success = await WriteAsync(http, file, status);
            }
            else
            {
                await WriteNotFoundAsync(http);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; the log line says so.
        }
        finally
        {
            _files.LogSent(connection, requested, file, started, success);
        }
    }

    private ValueTask<bool> WriteAsync(HttpContext http, in PublicFile file, int? status)
    {
        var response = http.Response;
        if (status is { } own && !AnswerBody.IsAllowed(own))
        {
            response.StatusCode = own;
            response.ContentType = null;
            return new ValueTask<bool>(true);
        }

        var validators = new FileValidators(file.Length, file.LastModified);
        var type = response.ContentType ??= _types.Of(file.Path!);
        var range = new FileRange(FileRangeKind.Whole, 0, file.Length);
        if (status is null or StatusCodes.Status200OK && !Select(http, validators, out range))
        {
            return new ValueTask<bool>(true);
        }

        if (status is null or < StatusCodes.Status400BadRequest)
        {
            WriteHeaders(response, validators);
        }

        // Else it is a page that tells of an error: whoever asks again may be told something else.
        response.StatusCode = status ?? StatusCodes.Status200OK;
        var coding = _compression.Start(http, type, file.Length, mayCode: range.Kind == FileRangeKind.Whole);
        if (coding != ContentCoding.Identity)
        {
            // Without a length, which nobody knows before all of it has been coded.
            return http.Request.IsHead() ? new ValueTask<bool>(true) : SendCodedAsync(http, file, coding);
        }

        WriteRange(response, range, file.Length);
        return file.Handle is null || http.Request.IsHead()
            ? new ValueTask<bool>(true)
            : FileBody.SendAsync(http, file.Handle, range.Offset, range.Length);
    }

    private static async ValueTask<bool> SendCodedAsync(HttpContext http, PublicFile file, ContentCoding coding)
    {
        await using var output = ContentCodings.Open(coding, http.Response.Body);
        return await FileBody.CopyAsync(http, file.Handle!, file.Length, output);
    }

    // Whether anything of the content is to be sent; else the answer is complete. The one place where conditions are looked at.
    private bool Select(HttpContext http, in FileValidators state, out FileRange range)
    {
        var response = http.Response;
        range = default;
        switch (state.Check(http.Request, _web.EnableEtag))
        {
            case Precondition.NotModified:
                WriteHeaders(response, state);
                _compression.Start(http, response.ContentType, state.Length, mayCode: false);
                response.StatusCode = StatusCodes.Status304NotModified;
                return false;
            case Precondition.Failed:
                WriteValidator(response, state);
                WriteEmpty(response, StatusCodes.Status412PreconditionFailed);
                return false;
        }

        range = FileRange.Of(http.Request, state);
        if (range.Kind != FileRangeKind.Unsatisfiable)
        {
            return true;
        }

        WriteEmpty(response, StatusCodes.Status416RangeNotSatisfiable);
        response.Headers.ContentRange = new ContentRangeHeaderValue(state.Length).ToString();
        return false;
    }

    private static void WriteEmpty(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.ContentType = null;
        response.ContentLength = 0;

        // What the action set speaks of the file.
        response.Headers.Remove(HeaderNames.CacheControl);
    }

    private static void WriteRange(HttpResponse response, in FileRange range, long length)
    {
        response.Headers.AcceptRanges = "bytes";
        response.ContentLength = range.Length;
        if (range.Kind == FileRangeKind.Part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = new ContentRangeHeaderValue(range.Offset, range.Offset + range.Length - 1, length).ToString();
        }
    }

    // A shared cache would hand the cookie to all, and the file to those who may not have it.
    private static bool IsOfOneVisitor(HttpContext http) =>
        http.Response.Headers.SetCookie.Count > 0
        || http.Request.Headers.Authorization.Count > 0
        || http.Features.Get<IHttpAuthenticationFeature>() is { User.Identity.IsAuthenticated: true };

    private void WriteHeaders(HttpResponse response, in FileValidators validators)
    {
        if (response.Headers.CacheControl.Count == 0)
        {
            response.Headers.CacheControl = IsOfOneVisitor(response.HttpContext) ? _privateCacheControl : _cacheControl;
        }

        WriteValidator(response, validators);
    }

    private void WriteValidator(HttpResponse response, in FileValidators validators)
    {
        if (_web.EnableEtag)
        {
            response.Headers.ETag = validators.ETag;
        }
        else
        {
            response.Headers.LastModified = validators.LastModifiedHeader;
        }
    }

    private async ValueTask WriteNotFoundAsync(HttpContext http)
    {
        // Never the path, and nothing that a cache would keep.
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.ContentType = "text/html";
        http.Response.Headers.Remove(HeaderNames.CacheControl);
        var body = _compression.Compress(http, "text/html", Encoding.UTF8.GetBytes(_texts.FileNotFound));
        http.Response.ContentLength = body.Length;
        if (!http.Request.IsHead())
        {
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }
}
