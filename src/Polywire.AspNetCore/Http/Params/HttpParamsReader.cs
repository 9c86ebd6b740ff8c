using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.AspNetCore.Compatibility.Queries;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http.Answers;
using Polywire.Bounds;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Collects the params of a web request: the query, then the body; the route's come last and are added by whoever matched it.</summary>
/// <remarks>Source: docs/protocol/http.md, "Params". Safe to use concurrently.</remarks>
internal sealed partial class HttpParamsReader
{
    private const int MaxFileName = 1024;

    // Of a body that is looked at for the name of an action before anybody was asked.
    private const int MaxPeeked = 65_536;

    private readonly WebOptions _options;
    private readonly QueryRules _query;
    private readonly UploadBudget _budget;
    private readonly InputBudget _input;
    private readonly InputEndLog _inputEnds;
    private readonly ActionRegistry _actions;
    private readonly string _uploadFolder;
    private readonly ILogger<HttpParamsReader> _logger;

    public HttpParamsReader(
        IOptions<WebOptions> options,
        UploadBudget budget,
        InputBudget input,
        InputEndLog inputEnds,
        ActionRegistry actions,
        ILogger<HttpParamsReader> logger)
    {
        (_budget, _input, _inputEnds, _actions) = (budget, input, inputEnds, actions);
        _options = options.Value;
        var query = _options.QueryParseOptions;
        _query = new QueryRules(query.Delimiter, query.ParameterLimit, query.Depth, query.ArrayLimit, query.AllowDots, query.Comma);
        _uploadFolder = _options.FormOptions.UploadDirectory ?? Path.GetTempPath();
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
    /// <remarks>
    /// Never throws for what a client sends. Of a body with a problem nothing is added. Nothing is stored: a form is read up to its first
    /// file, and what is left is <see cref="HttpParams.Pending"/>.
    /// </remarks>
    public ValueTask ReadBodyAsync(HttpContext http, HttpParams received)
    {
        var request = http.Request;
        if (request.IsGet() || request.IsHead() || request.ContentLength == 0
            || request.ContentType is not { Length: > 0 } type
            || http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return default;
        }

        var kind = MediaType.KindOf(type);
        if (kind != BodyKind.Ignored && RequestCodings.IsCoded(request))
        {
            received.Problem = HttpBodyProblem.Coded;
            return default;
        }

        if (kind != BodyKind.Ignored
            && http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize is { } longest && request.ContentLength > longest)
        {
            received.Problem = HttpBodyProblem.TooLarge;
            return default;
        }

        return kind == BodyKind.Ignored && !_options.SaveRawBody ? default : ReadGuardedAsync(http, type, kind, received);
    }

    /// <summary>Reads the files, and the fields behind them, of a body that <see cref="ReadBodyAsync"/> left where its first file begins.</summary>
    /// <param name="request">Whose body.</param>
    /// <param name="received">Gets a new set with all params, where nothing is wrong; else <see cref="HttpParams.Problem"/> tells what is.</param>
    /// <param name="takes">Whose files are stored.</param>
    /// <remarks>Never throws for what a client sends.</remarks>
    public async ValueTask ReadRestAsync(WebRequest request, HttpParams received, UploadTakes takes)
    {
        using var pending = received.Pending!;
        received.Pending = null;
        var spool = new UploadSpool(_uploadFolder, _options.FormOptions.KeepExtensions, _budget, _logger);
        received.Uploads = spool;
        await GuardAsync(received, () => pending.ReadRestAsync(takes, spool, request.Http.RequestAborted));
        if (received.Problem != HttpBodyProblem.None)
        {
            return;
        }

        var before = received.Set.Share();
        try
        {
            received.Renew();
            QueryReader.Read(request.Target.Query, received.Set, _query);
            pending.AddTo(received);

            // All has come, and the action runs.
            received.Hold?.Dispose();
            received.ApplyRoute?.Invoke();
            CheckCallback(received);
            if (received.Problem == HttpBodyProblem.None)
            {
                // Who may run the one has been asked, who may run the other has not.
                received.Problem = _actions.Find(received.Set) != _actions.Find(before) ? HttpBodyProblem.ActionAfterFile
                    : takes.Any && !received.Set.Keeps(before) ? HttpBodyProblem.ParamAfterFile
                    : HttpBodyProblem.None;
            }
        }
        finally
        {
            before.Release();
        }
    }

    /// <summary>Whether a body is short text that can be looked at before its time.</summary>
    public static bool IsShort(HttpRequest request) =>
        !request.IsGet() && !request.IsHead()
        && request.ContentLength is > 0 and <= MaxPeeked
        && request.ContentType is { Length: > 0 } type && MediaType.KindOf(type) is BodyKind.Json or BodyKind.Form
        && !RequestCodings.IsCoded(request);

    /// <summary>Adds the params of a short body, which stays to be read by others.</summary>
    /// <returns>Whether it could be read.</returns>
    public async ValueTask<bool> PeekAsync(WebRequest request, HttpParams received)
    {
        var http = request.Http;
        using var hold = new BodyHold(_input, _inputEnds, http);
        using var whole = new BodyBuffer(MaxPeeked, hold);
        try
        {
            if (!await whole.FillAsync(http.Request.BodyReader, http.RequestAborted))
            {
                return false;
            }
        }
        catch (OperationCanceledException) when (hold.IsEnded)
        {
            // A part of the body is gone, and what is left is not what was sent.
            request.BodyProblem = HttpBodyProblem.Overloaded;
            return false;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It is told to whoever reads it next.
            return false;
        }

        http.Request.Body = new MemoryStream(whole.Bytes.ToArray(), writable: false);
        return MediaType.KindOf(http.Request.ContentType!) == BodyKind.Json ? JsonBodyReader.TryRead(whole.Bytes, received.Set) : ReadForm(whole.Bytes, received.Set);
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

    private async ValueTask ReadGuardedAsync(HttpContext http, string contentType, BodyKind kind, HttpParams received)
    {
        // We count ourselves: uploads have a limit of their own, and the framework's answer is not ours. What an action asks for stays.
        if (http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null
            && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var before = received.Set.Count;
        var hold = received.Hold = new BodyHold(_input, _inputEnds, http);
        await GuardAsync(received, () => ReadAsync(http, contentType, kind, received));
        if (received.Pending is null || received.Problem != HttpBodyProblem.None)
        {
            hold.Dispose();
            received.Problem = hold.IsEnded ? HttpBodyProblem.Overloaded : received.Problem;
        }

        if (received.Problem != HttpBodyProblem.None)
        {
            received.Set.Truncate(before);
        }
    }

    // What a client sends, and what the disk does, ends here.
    private async ValueTask GuardAsync(HttpParams received, Func<ValueTask<HttpBodyProblem>> read)
    {
        try
        {
            received.Problem = await read();
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
            received.Problem = received.Hold is { IsEnded: true } ? HttpBodyProblem.Overloaded : HttpBodyProblem.Gone;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or FormatException)
        {
            received.Problem = HttpBodyProblem.Malformed;
        }
        catch (PartTooLargeException)
        {
            received.Problem = HttpBodyProblem.TooLarge;
        }
        catch (UploadsFullException)
        {
            received.Problem = HttpBodyProblem.NoRoom;
        }
        catch (UploadStoreException exception)
        {
            Log.NotStored(_logger, exception);
            received.Problem = HttpBodyProblem.NotStored;
        }

        if (received.Problem != HttpBodyProblem.None)
        {
            Log.BodyRejected(_logger, received.Problem);
        }
    }

    private async ValueTask<HttpBodyProblem> ReadAsync(HttpContext http, string contentType, BodyKind kind, HttpParams received)
    {
        var streamed = kind is BodyKind.File or BodyKind.Multipart;
        if (streamed && !_options.SaveRawBody)
        {
            return await ReadStreamAsync(http, contentType, kind, null, received);
        }

        if (http.Request.ContentLength > _options.MaxBodySize)
        {
            return HttpBodyProblem.TooLarge;
        }

        using var whole = new BodyBuffer(_options.MaxBodySize, received.Hold!);
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
            // It outlives this call, as what is pending reads from it, and holds nothing that has to be given back.
            return await ReadStreamAsync(http, contentType, kind, new MemoryStream(received.RawBody!, writable: false), received);
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
        HttpContext http, string contentType, BodyKind kind, Stream? whole, HttpParams received)
    {
        var forms = _options.FormOptions;
        if (kind == BodyKind.File)
        {
            if (http.Request.ContentLength > forms.MaxFileSize)
            {
                return HttpBodyProblem.TooLarge;
            }

            var sent = http.Request.Headers["x-file-name"].ToString();
            var name = sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..];
            received.Pending = new FileUpload(whole ?? http.Request.Body, name.Length > MaxFileName ? name[..MaxFileName] : name, contentType, forms.MaxFileSize);
            return HttpBodyProblem.None;
        }

        if (PartReader.FindBoundary(contentType) is not { } boundary)
        {
            return HttpBodyProblem.Malformed;
        }

        var source = whole is null ? http.Request.BodyReader : null;
        var form = new MultipartForm(new PartReader(whole ?? new BodyStream(source!), boundary, forms.MaxFieldsSize), forms.MaxFieldsSize, forms.MaxFileSize, forms.Multiples)
        {
            Hold = received.Hold,
            Source = source,
        };
        received.Pending = form;
        var problem = await form.ReadFieldsAsync(http.RequestAborted);
        if (problem == HttpBodyProblem.None)
        {
            form.AddTo(received);
            if (!form.IsAtFile)
            {
                received.Pending = null;
                form.Dispose();
            }
        }

        return problem;
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.BodyRejected, LogLevel.Debug, "The body of a web request was rejected: {Problem}")]
        public static partial void BodyRejected(ILogger logger, HttpBodyProblem problem);

        [LoggerMessage(ServerEventIds.UploadNotStored, LogLevel.Error, "An upload could not be stored")]
        public static partial void NotStored(ILogger logger, Exception exception);
    }
}
