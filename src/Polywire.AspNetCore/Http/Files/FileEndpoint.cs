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
        new(path, _polywire.DirectoryFileType, _polywire.FollowLinksOutside, _web.ServeDotFiles);

    /// <summary>Answers a request's path with the file it names, or with 404.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">Whose request it is, for the log.</param>
    /// <param name="path">What follows the prefix, or a folder route's segments: undecoded, without a slash in front; empty for the index.</param>
    /// <param name="folder">A folder route's; <see langword="null"/> for the public folders.</param>
    public ValueTask ServeAsync(HttpContext http, Connection connection, string path, PublicFolder? folder = null)
    {
        var found = !FilePath.TryDecode(path, _polywire.DirectoryFileType, out var name) ? null
            : folder is null ? Find(name)
            : folder.Find(name);
        http.Response.ContentType = null;
        return found is null && folder is null && name is not null && _memory.Find(name, http.Request.PathBase) is { } memory
            ? AnswerAsync(http, connection, path, memory)
            : AnswerAsync(http, connection, path, found, status: null);
    }

    /// <summary>Answers with a file that an action names, or with 404.</summary>
    /// <remarks>A content type and a <c>Cache-Control</c> that are set already stay.</remarks>
    /// <param name="http">The request that the action runs for.</param>
    /// <param name="connection">Whose request it is, for the log.</param>
    /// <param name="name">Relative to a public folder, decoded; a folder stands for its index.</param>
    /// <param name="status">What the action set; any but 200 is an answer of its own, never 304, 206 or 416.</param>
    public ValueTask SendAsync(HttpContext http, Connection connection, string name, int? status) =>
        AnswerAsync(http, connection, name, FilePath.TryNormalize(name, out var normal) ? Find(normal) : null, status);

    private FileInfo? Find(string name)
    {
        foreach (var folder in _folders)
        {
            if (folder.Find(name) is { } file)
            {
                return file;
            }
        }

        return null;
    }

    private async ValueTask AnswerAsync(HttpContext http, Connection connection, string requested, FileInfo? found, int? status)
    {
        var started = _time.GetTimestamp();
        var success = false;
        var file = PublicFile.NotFound;
        try
        {
            var conditional = status is null or StatusCodes.Status200OK;
            if (found is not null && conditional && new FileValidators(found.Length, found.LastWriteTimeUtc) is var seen
                && seen.IsKnownTo(http.Request.Headers, _web.EnableEtag))
            {
                file = new PublicFile(PublicFileStatus.Found, found.FullName, null, seen.Length, seen.LastModified);
                WriteNotModified(http, found.FullName, seen);
                success = true;
                return;
            }

            file = found is null ? file : _files.Open(found);
            if (file.Status == PublicFileStatus.Found)
            {
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
            file.Dispose();
            _files.LogSent(connection, requested, file, started, success);
        }
    }

    private ValueTask<bool> WriteAsync(HttpContext http, in PublicFile file, int? status)
    {
        var response = http.Response;
        var validators = new FileValidators(file.Length, file.LastModified);
        var range = status is null or StatusCodes.Status200OK
            ? FileRange.Of(http.Request, validators)
            : new FileRange(FileRangeKind.Whole, 0, file.Length);
        if (range.Kind == FileRangeKind.Unsatisfiable)
        {
            WriteUnsatisfiable(response, file.Length);
            return new ValueTask<bool>(true);
        }

        if (status is { } own && !AnswerBody.IsAllowed(own))
        {
            response.StatusCode = own;
            response.ContentType = null;
            return new ValueTask<bool>(true);
        }

        var type = WriteHeaders(response, file.Path!, validators);
        var coding = _compression.Start(http, type, file.Length, mayCode: range.Kind == FileRangeKind.Whole);
        response.StatusCode = status ?? StatusCodes.Status200OK;
        if (coding != ContentCoding.Identity)
        {
            return SendCodedAsync(http, file, coding);
        }

        response.Headers.AcceptRanges = "bytes";
        response.ContentLength = range.Length;
        if (range.Kind == FileRangeKind.Part)
        {
            WritePart(response, range, file.Length);
        }

        return file.Handle is null || http.Request.IsHead()
            ? new ValueTask<bool>(true)
            : FileBody.SendAsync(http, file.Handle, range.Offset, range.Length);
    }

    private static async ValueTask<bool> SendCodedAsync(HttpContext http, PublicFile file, ContentCoding coding)
    {
        await using var output = ContentCodings.Open(coding, http.Response.Body);
        return await FileBody.CopyAsync(http, file.Handle!, file.Length, output);
    }

    private void WriteNotModified(HttpContext http, string path, in FileValidators validators)
    {
        var type = WriteHeaders(http.Response, path, validators);
        _compression.Start(http, type, validators.Length, mayCode: false);
        http.Response.StatusCode = StatusCodes.Status304NotModified;
    }

    // A shared cache would hand the cookie to all, and the file to those who may not have it.
    private static bool IsOfOneVisitor(HttpContext http) =>
        http.Response.Headers.SetCookie.Count > 0
        || http.Request.Headers.Authorization.Count > 0
        || http.Features.Get<IHttpAuthenticationFeature>() is { User.Identity.IsAuthenticated: true };

    private string WriteHeaders(HttpResponse response, string path, in FileValidators validators)
    {
        var type = response.ContentType ??= _types.Of(path);
        if (response.Headers.CacheControl.Count == 0)
        {
            response.Headers.CacheControl = IsOfOneVisitor(response.HttpContext) ? _privateCacheControl : _cacheControl;
        }

        if (_web.EnableEtag)
        {
            response.Headers.ETag = validators.ETag;
        }
        else
        {
            response.Headers.LastModified = validators.LastModifiedHeader;
        }

        return type;
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
