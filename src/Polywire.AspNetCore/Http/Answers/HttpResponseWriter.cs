using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http.Compression;
using Polywire.AspNetCore.Http.Files;
using Polywire.AspNetCore.Http.HeaderValues;
using Polywire.AspNetCore.Http.Params;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>Writes an action's answer as a web answer: status, envelope, text, bytes, stream or file.</summary>
/// <remarks>Source: docs/protocol/http.md, "Answers". Safe to use concurrently.</remarks>
internal sealed partial class HttpResponseWriter
{
    private const string JsonType = "application/json; charset=utf-8";
    private const string TextType = "text/plain; charset=utf-8";
    private const string ScriptType = "application/javascript";

    private readonly ResponseWriter _responses;
    private readonly FileEndpoint _files;
    private readonly ExtensionTypes _extensions;
    private readonly AnswerCompression _compression;
    private readonly RequestCodings _codings;
    private readonly ActionRegistry _registry;
    private readonly ErrorCatalog _texts;
    private readonly ILogger<HttpResponseWriter> _logger;
    private readonly TimeProvider _time;
    private readonly WebOptions _options;
    private readonly ErrorStatus _statuses;
    private readonly ReservedNames _reserved;
    private readonly EnvelopeTexts _envelope;
    private readonly int _padding;

    public HttpResponseWriter(
        ResponseWriter responses,
        FileEndpoint files,
        FileTypes types,
        AnswerCompression compression,
        RequestCodings codings,
        ActionRegistry registry,
        ErrorCatalog texts,
        PolywireJson json,
        TimeProvider time,
        IOptions<PolywireOptions> polywire,
        IOptions<WebOptions> options,
        IHostEnvironment environment,
        ILogger<HttpResponseWriter> logger)
    {
        (_responses, _files, _compression, _registry, _texts, _time) = (responses, files, compression, registry, texts, time);
        _codings = codings;
        _extensions = new ExtensionTypes(types);
        _options = options.Value;
        _logger = logger;
        _statuses = new ErrorStatus(_options, json);
        _padding = _options.Padding ?? (environment.IsDevelopment() ? 2 : 0);
        var quiet = environment.IsProduction();
        _envelope = new EnvelopeTexts(polywire.Value, _options, tellsServer: _options.MetadataOptions.ServerInformation ?? !quiet, tellsRequester: _options.MetadataOptions.RequesterInformation ?? !quiet);
        _reserved = new ReservedNames(_envelope.Names);
    }

    /// <summary>Writes what a run answered.</summary>
    public async ValueTask WriteAsync(WebRequest request, ActionResponse response, HttpParams received)
    {
        var exchange = response.Context.Http as HttpExchange;
        if (response.TimedOut)
        {
            // The run goes on, but not with this answer.
            exchange?.End();
        }

        try
        {
            await WriteAsync(request, response, received, response.TimedOut ? null : exchange);
        }
        finally
        {
            exchange?.End();
        }
    }

    private async ValueTask WriteAsync(WebRequest request, ActionResponse response, HttpParams received, HttpExchange? exchange)
    {
        var http = request.Http;
        if (exchange?.Pipe is { } pipe)
        {
            await FollowAsync(http, response.Action, pipe);
            return;
        }

        if (http.Response.HasStarted)
        {
            return;
        }

        if (request.SessionCookie is not null)
        {
            SharedCaches.KeepOut(http.Response);
        }

        if (!response.ToRender || (response.Result == ActionResult.NoContent && response.Error is null && response.Extra is null))
        {
            await SetStatusAsync(http, exchange?.StatusCode ?? StatusCodes.Status204NoContent);
            http.Response.ContentLength = AnswerBody.IsAllowed(http.Response.StatusCode) ? 0 : null;
            return;
        }

        if (response.Error is null)
        {
            if (response.Result is ActionResult { IsContent: true } content)
            {
                await WriteContentAsync(request, response.Action, content, exchange?.StatusCode);
                return;
            }

            if (response.Extra is null && TextOf(response.Result) is { } text)
            {
                SetTypeByExtension(request, response.Action);
                if (!IsJson(http.Response.ContentType))
                {
                    await WriteTextAsync(request, text, exchange?.StatusCode);
                    return;
                }
            }
        }

        using var buffer = ResponseBuffer.Rent();
        var form = _responses.WriteOpen(buffer, response, _reserved, allowsBare: true);
        http.Response.StatusCode =
            form.IsFault ? _statuses.OfFault()
            : form.HasError ? _statuses.Of(response.Error, exchange?.StatusCode)
            : exchange?.StatusCode ?? StatusCodes.Status200OK;
        SendAway(http.Response, response.Error);
        if (!form.IsBare)
        {
            CloseEnvelope(buffer, request, received.Set, response.Duration);
        }

        if (!form.HasError)
        {
            SetTypeByExtension(request, response.Action);
        }

        await SendJsonAsync(request, buffer, received.Set);
    }

    /// <summary>Answers a body that could not be read; no action runs.</summary>
    public async ValueTask WriteBodyProblemAsync(WebRequest request, HttpParams received)
    {
        if (received.Problem == HttpBodyProblem.Gone)
        {
            return;
        }

        var response = request.Http.Response;
        response.StatusCode = _statuses.Of(received.Problem);
        if (received.Problem == HttpBodyProblem.Coded)
        {
            response.Headers.AcceptEncoding = _codings.Accepted;
        }
        else if (received.Problem is HttpBodyProblem.NoRoom or HttpBodyProblem.Overloaded)
        {
            response.Headers.RetryAfter = "1";
        }

        if (received.Problem is HttpBodyProblem.TooLarge or HttpBodyProblem.TooSlow or HttpBodyProblem.NoRoom or HttpBodyProblem.Overloaded)
        {
            // The rest of the body is not worth waiting for.
            response.AnnounceClose();
        }

        var text = received.Problem switch
        {
            HttpBodyProblem.TooLarge => _texts.BodyTooLarge,
            HttpBodyProblem.TooSlow => _texts.BodyTooSlow,
            HttpBodyProblem.Overloaded => _texts.TooMuchInput,
            HttpBodyProblem.NotStored => _texts.InternalError,
            HttpBodyProblem.Coded => _texts.BodyCoded,
            HttpBodyProblem.NoRoom => _texts.UploadsFull,
            HttpBodyProblem.ActionAfterFile => _texts.ActionAfterFile,
            HttpBodyProblem.ParamAfterFile => _texts.ParamAfterFile,
            HttpBodyProblem.CallbackTooLong => _texts.CallbackTooLong(JsonpCallback.MaxLength),
            _ => _texts.BrokenForm,
        };
        using var buffer = ResponseBuffer.Rent();
        buffer.Write("{\"error\":"u8);
        buffer.Writer.WriteStringValue(text);
        buffer.Writer.Flush();
        CloseEnvelope(buffer, request, received.Set, TimeSpan.Zero);
        await SendJsonAsync(request, buffer, received.Set);
    }

    /// <summary>Answers an error of a request whose params nobody has read.</summary>
    public async ValueTask WriteErrorAsync(WebRequest request, ActionError error)
    {
        request.Http.Response.StatusCode = _statuses.Of(error, null);
        SendAway(request.Http.Response, error);
        var none = ParamSet.Rent();
        try
        {
            using var buffer = ResponseBuffer.Rent();
            buffer.Write("{\"error\":"u8);
            buffer.Writer.WriteStringValue(error.Message);
            buffer.Writer.Flush();
            CloseEnvelope(buffer, request, none, TimeSpan.Zero);
            await SendJsonAsync(request, buffer, none);
        }
        finally
        {
            none.Release();
        }
    }

    /// <summary>Answers <c>TRACE</c>: what is known of who asks, and nothing of the headers.</summary>
    public async ValueTask WriteTraceAsync(WebRequest request, HttpParams received)
    {
        using var buffer = ResponseBuffer.Rent();
        WriteRequester(buffer, request, received.Set);
        await SendJsonAsync(request, buffer, received.Set);
    }

    // Proxies try another node on it.
    private static void SendAway(HttpResponse response, ActionError? error)
    {
        if (error?.Status == ActionStatus.ServerShuttingDown)
        {
            response.Headers.RetryAfter = "1";
            response.AnnounceClose();
        }
    }

    private static string? TextOf(object? result) => result is ActionResult wrapped ? wrapped.Value as string : result as string;

    private static bool IsJson(string? contentType) => contentType is null or JsonType || IsJsonMedia(contentType);

    // The type alone, not what stands in its parameters.
    private static bool IsJsonMedia(ReadOnlySpan<char> contentType)
    {
        var media = HeaderList.Take(ref contentType, ';').Trim();
        return media.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    // What the action named stays.
    private void SetTypeByExtension(WebRequest request, ActionDescriptor? action)
    {
        var response = request.Http.Response;
        if (string.IsNullOrEmpty(response.ContentType) && _extensions.Find(request, action) is { } type)
        {
            response.ContentType = type;
            if (!IsJson(type))
            {
                response.Headers.XContentTypeOptions = "nosniff";
            }
        }
    }

    private async ValueTask WriteContentAsync(WebRequest request, ActionDescriptor? action, ActionResult result, int? status)
    {
        var http = request.Http;
        if (result.FilePath is { } path)
        {
            await _files.SendAsync(http, request.Connection, path, status);
            return;
        }

        if (result.ContentType is { } named)
        {
            http.Response.ContentType = named;
        }

        SetTypeByExtension(request, action);
        if (result.TextContent is { } text)
        {
            http.Response.ContentType ??= TextType;
            await WriteTextAsync(request, text, status);
            return;
        }

        http.Response.ContentType ??= FileTypes.Unknown;
        await SetStatusAsync(http, status);
        if (result.BytesContent is { } bytes)
        {
            await SendAsync(http, bytes);
            return;
        }

        await using var stream = result.StreamContent!;
        await FollowAsync(http, action, AnswerBody.CopyAsync(http, stream, _compression));
    }

    // A stream may fail when half of it has been sent. Nothing can be said then but that it is not all.
    private async ValueTask FollowAsync(HttpContext http, ActionDescriptor? action, Task copying)
    {
        try
        {
            await copying;
        }
        catch (Exception exception)
        {
            if (!http.RequestAborted.IsCancellationRequested)
            {
                Log.StreamFailed(_logger, exception, action);
            }

            http.Abort();
        }
    }

    private async ValueTask WriteTextAsync(WebRequest request, string text, int? status)
    {
        await SetStatusAsync(request.Http, status);
        using var buffer = ResponseBuffer.Rent();
        Encoding.UTF8.GetBytes(text.AsSpan(), buffer);
        await SendAsync(request.Http, buffer.WrittenMemory);
    }

    private static ValueTask SetStatusAsync(HttpContext http, int? status)
    {
        http.Response.StatusCode = status ?? StatusCodes.Status200OK;
        return ObligatoryHeaders.Has(http.Response.StatusCode) ? ObligatoryHeaders.CompleteAsync(http) : default;
    }

    private async ValueTask SendJsonAsync(WebRequest request, ResponseBuffer json, ParamSet received)
    {
        var response = request.Http.Response;
        await SetStatusAsync(request.Http, response.StatusCode);
        response.ContentType ??= JsonType;
        var isJson = IsJson(response.ContentType);
        var callback = isJson && _options.Jsonp ? JsonpCallback.FindScript(received) : null;
        using var laidOut = _padding > 0 ? ResponseBuffer.Rent() : null;
        var body = json.WrittenMemory;
        if (!isJson)
        {
            // A browser may take it for what the type says, and the type may be one that runs scripts.
            response.Headers.XContentTypeOptions = "nosniff";
            body = ScriptSafeJson.Escape(body);
        }

        if (laidOut is not null)
        {
            JsonIndenter.Write(body.Span, laidOut, _padding);
            body = laidOut.WrittenMemory;
        }

        if (callback is not null)
        {
            response.ContentType = ScriptType;
            response.Headers.XContentTypeOptions = "nosniff";
            body = JsonpCallback.Wrap(callback, body.Span);
        }

        await SendAsync(request.Http, body);
    }

    private ValueTask SendAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        if (!AnswerBody.IsAllowed(response.StatusCode))
        {
            response.ContentType = null;
            return default;
        }

        body = _compression.Compress(http, response.ContentType, body);
        response.ContentLength = body.Length;
        if (http.Request.IsHead())
        {
            return default;
        }

        // With a flush, which middleware that looks at bodies waits for. It ends with the connection, so nobody has to be told of an abort.
        var written = response.BodyWriter.WriteAsync(body, CancellationToken.None);
        if (!written.IsCompletedSuccessfully)
        {
            return new ValueTask(written.AsTask());
        }

        _ = written.Result;
        return default;
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.AnswerStreamFailed, LogLevel.Error, "The stream that action {Action} answers with failed; the connection was cut")]
        public static partial void StreamFailed(ILogger logger, Exception exception, ActionDescriptor? action);
    }
}
