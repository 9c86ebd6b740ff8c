using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Answers;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Collects the params of a web request: the query, then the body; the route's come last and are added by whoever matched it.</summary>
/// <remarks>Source: docs/protocol/http.md, "Params". Safe to use concurrently.</remarks>
internal sealed partial class HttpParamsReader
{
    private const int MaxFileName = 1024;

    private readonly WebOptions _options;
    private readonly QueryRules _query;
    private readonly MultipartBodyReader _multipart;
    private readonly string _uploadFolder;
    private readonly ILogger<HttpParamsReader> _logger;

    public HttpParamsReader(IOptions<WebOptions> options, ILogger<HttpParamsReader> logger)
    {
        _options = options.Value;
        var query = _options.QueryParseOptions;
        _query = new QueryRules(query.Delimiter, query.ParameterLimit, query.Depth, query.ArrayLimit, query.AllowDots, query.Comma);
        var forms = _options.FormOptions;
        _multipart = new MultipartBodyReader(forms.MaxFieldsSize, forms.MaxFileSize, forms.Multiples);
        _uploadFolder = forms.UploadDirectory ?? Path.GetTempPath();
        _logger = logger;
    }

    /// <summary>Starts with the params of a query.</summary>
    /// <param name="query">As it was sent, without the question mark.</param>
    public HttpParams ReadQuery(ReadOnlySpan<char> query)
    {
        var received = new HttpParams();
        QueryReader.Read(query, received.Set, _query);
        return received;
    }

    /// <summary>Adds the params of the body, if it is one that is read; tells in <see cref="HttpParams.Problem"/> what is wrong with it.</summary>
    /// <remarks>Never throws for what a client sends. Of a body with a problem nothing is added.</remarks>
    public ValueTask ReadBodyAsync(HttpContext http, HttpParams received)
    {
        var request = http.Request;
        if (request.IsGet() || request.IsHead() || request.ContentLength == 0
            || request.ContentType is not { Length: > 0 } type)
        {
            return default;
        }

        var kind = BodyKindOf(type);
        return kind == BodyKind.Ignored && !_options.SaveRawBody ? default : ReadGuardedAsync(http, type, kind, received);
    }

    /// <summary>Refuses a JSONP callback that is no name of a function; nothing runs for it.</summary>
    public void CheckCallback(HttpParams received)
    {
        if (received.Problem == HttpBodyProblem.None && _options.Jsonp && JsonpCallback.Find(received.Set)?.Length > JsonpCallback.MaxLength)
        {
            received.Set.Remove("callback"u8);
            received.Problem = HttpBodyProblem.CallbackTooLong;
        }
    }

    // The first word that is found decides, wherever it stands.
    private static BodyKind BodyKindOf(string contentType) =>
        contentType.Contains("octet-stream", StringComparison.OrdinalIgnoreCase) ? BodyKind.File
        : contentType.Contains("urlencoded", StringComparison.OrdinalIgnoreCase) ? BodyKind.Form
        : contentType.Contains("multipart", StringComparison.OrdinalIgnoreCase) ? BodyKind.Multipart
        : contentType.Contains("json", StringComparison.OrdinalIgnoreCase) ? BodyKind.Json
        : BodyKind.Ignored;

    private async ValueTask ReadGuardedAsync(HttpContext http, string contentType, BodyKind kind, HttpParams received)
    {
        // We count ourselves: uploads have a limit of their own, and the framework's answer is not ours.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var before = received.Set.Count;
        try
        {
            received.Problem = await ReadAsync(http, contentType, kind, received);
        }
        catch (BadHttpRequestException exception)
        {
            received.Problem = exception.StatusCode switch
            {
                StatusCodes.Status408RequestTimeout => HttpBodyProblem.TooSlow,
                StatusCodes.Status413PayloadTooLarge => HttpBodyProblem.TooLarge,
                _ => HttpBodyProblem.Malformed,
            };
        }
        catch (Exception exception) when (exception is OperationCanceledException or ConnectionResetException)
        {
            received.Problem = HttpBodyProblem.Gone;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or FormatException)
        {
            received.Problem = HttpBodyProblem.Malformed;
        }
        catch (UploadStoreException exception)
        {
            Log.NotStored(_logger, exception);
            received.Problem = HttpBodyProblem.NotStored;
        }

        if (received.Problem != HttpBodyProblem.None)
        {
            received.Set.Truncate(before);
            Log.BodyRejected(_logger, received.Problem);
        }
    }

    private async ValueTask<HttpBodyProblem> ReadAsync(HttpContext http, string contentType, BodyKind kind, HttpParams received)
    {
        var streamed = kind is BodyKind.File or BodyKind.Multipart;
        if (streamed && !_options.SaveRawBody)
        {
            return await ReadStreamAsync(http, contentType, kind, http.Request.Body, received);
        }

        if (http.Request.ContentLength > _options.MaxBodySize)
        {
            return HttpBodyProblem.TooLarge;
        }

        using var whole = new BodyBuffer(_options.MaxBodySize);
        if (!await whole.FillAsync(http.Request.BodyReader, http.RequestAborted))
        {
            return HttpBodyProblem.TooLarge;
        }

        if (_options.SaveRawBody)
        {
            received.RawBody = whole.Bytes.ToArray();
        }

        if (streamed)
        {
            await using var body = new MemoryStream(received.RawBody!, writable: false);
            return await ReadStreamAsync(http, contentType, kind, body, received);
        }

        received.BeginFields();
        var read = kind switch
        {
            BodyKind.Json => JsonBodyReader.TryRead(whole.Bytes, received.Set),
            BodyKind.Form => ReadForm(whole.Bytes, received.Set),
            _ => true,
        };
        received.EndFields();
        return read ? HttpBodyProblem.None : HttpBodyProblem.Malformed;
    }

    private bool ReadForm(ReadOnlySpan<byte> form, ParamSet set)
    {
        if (_options.SniffJsonForms
            && form.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..]
            && JsonBodyReader.TryRead(form, set))
        {
            return true;
        }

        FormReader.Read(Utf8.IsValid(form) ? form : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(form)), set);
        return true;
    }

    private async ValueTask<HttpBodyProblem> ReadStreamAsync(
        HttpContext http, string contentType, BodyKind kind, Stream body, HttpParams received)
    {
        var spool = received.Uploads = new UploadSpool(_uploadFolder, _options.FormOptions.KeepExtensions, _logger);
        if (kind == BodyKind.File)
        {
            return await ReadFileAsync(http, contentType, body, received, spool);
        }

        return MultipartBodyReader.FindBoundary(contentType) is { } boundary
            ? await _multipart.ReadAsync(boundary, body, received, spool, http.RequestAborted)
            : HttpBodyProblem.Malformed;
    }

    private async ValueTask<HttpBodyProblem> ReadFileAsync(
        HttpContext http, string contentType, Stream body, HttpParams received, UploadSpool spool)
    {
        if (http.Request.ContentLength > _options.FormOptions.MaxFileSize)
        {
            return HttpBodyProblem.TooLarge;
        }

        var sent = http.Request.Headers["x-file-name"].ToString();
        var name = sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..];
        var buffer = ArrayPool<byte>.Shared.Rent(MultipartBodyReader.CopyBytes);
        try
        {
            var quota = new UploadQuota(_options.FormOptions.MaxFileSize);
            if (await spool.StoreAsync(body, name.Length > MaxFileName ? name[..MaxFileName] : name, contentType, quota, buffer, http.RequestAborted) is not { } file)
            {
                return HttpBodyProblem.TooLarge;
            }

            spool.ByName["file"] = file;
            received.Set.AddLast("file"u8, ParamEncoding.Describe(file), ParamKind.File, file);
            return HttpBodyProblem.None;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private enum BodyKind
    {
        Ignored,
        File,
        Form,
        Multipart,
        Json,
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.BodyRejected, LogLevel.Debug, "The body of a web request was rejected: {Problem}")]
        public static partial void BodyRejected(ILogger logger, HttpBodyProblem problem);

        [LoggerMessage(EventIds.UploadNotStored, LogLevel.Error, "An upload could not be stored")]
        public static partial void NotStored(ILogger logger, Exception exception);
    }
}
