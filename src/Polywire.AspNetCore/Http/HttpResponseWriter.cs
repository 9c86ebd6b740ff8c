using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Files;
using Polywire.Json;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Http;

/// <summary>Writes an action's answer as a web answer: status, envelope, file or text.</summary>
/// <remarks>Source: docs/protocol/http.md, "Answers".</remarks>
internal sealed class HttpResponseWriter(
    ResponseWriter responses,
    FileEndpoint files,
    ActionRegistry registry,
    TimeProvider time,
    IOptions<PolywireOptions> polywire,
    IOptions<WebOptions> options,
    IHostEnvironment environment)
{
    private const string JsonType = "application/json; charset=utf-8";
    private static readonly ReservedNames Reserved = new("serverInformation", "requesterInformation");
    private readonly int _padding = options.Value.Padding ?? (environment.IsDevelopment() ? 2 : 0);

    public async ValueTask WriteAsync(WebRequest request, ActionResponse response, HttpParams received)
    {
        var http = request.Http;
        if (!response.ToRender)
        {
            return;
        }

        var exchange = response.TimedOut ? null : response.Context.Http;
        if (response.Error is null && response.Result is ActionResult { FilePath: { } path })
        {
            await files.SendAsync(http, request.Connection, path, exchange?.StatusCode);
            return;
        }

        http.Response.StatusCode = exchange?.StatusCode ?? StatusOf(response.Error);
        if (response.Error is null && response.Result is ActionResult { TextContent: { } text } plain)
        {
            http.Response.ContentType = plain.ContentType;
            await http.Response.WriteAsync(text, http.RequestAborted);
            return;
        }

        using var buffer = ResponseBuffer.Rent();
        responses.WriteOpen(buffer, response, Reserved);
        await WriteEnvelopeAsync(request, buffer, received.Set, response.Duration);
    }

    /// <summary>Answers a body that could not be read; no action runs.</summary>
    public async ValueTask WriteBodyProblemAsync(WebRequest request, HttpParams received)
    {
        var http = request.Http;
        var tooLarge = received.Problem == HttpBodyProblem.TooLarge;
        http.Response.StatusCode = !options.Value.ReturnErrorCodes ? 200 : tooLarge ? 413 : 400;
        using var buffer = ResponseBuffer.Rent();
        buffer.Write("{\"error\":"u8);
        buffer.Writer.WriteStringValue(tooLarge ? "The request body is too large." : "There was an error processing this form.");
        buffer.Writer.Flush();
        await WriteEnvelopeAsync(request, buffer, received.Set, TimeSpan.Zero);
    }

    /// <summary>Answers <c>TRACE</c>: what is known of who asks, and nothing of the headers.</summary>
    public async ValueTask WriteTraceAsync(WebRequest request, HttpParams received)
    {
        using var buffer = ResponseBuffer.Rent();
        buffer.Writer.Reset(buffer);
        WriteRequester(buffer.Writer, request.Connection, received.Set);
        buffer.Writer.Flush();
        await SendJsonAsync(request.Http, buffer);
    }

    private int StatusOf(ActionError? error) =>
        error is null || !options.Value.ReturnErrorCodes
            ? StatusCodes.Status200OK
            : error.Status switch
            {
                ActionStatus.UnknownAction => StatusCodes.Status404NotFound,
                ActionStatus.MissingParams => StatusCodes.Status422UnprocessableEntity,
                ActionStatus.Unauthorized => StatusCodes.Status401Unauthorized,
                ActionStatus.Forbidden => StatusCodes.Status403Forbidden,
                ActionStatus.Timeout => StatusCodes.Status408RequestTimeout,
                ActionStatus.Conflict => StatusCodes.Status409Conflict,
                ActionStatus.RateLimited => StatusCodes.Status429TooManyRequests,
                ActionStatus.Cancelled => StatusCodes.Status499ClientClosedRequest,
                _ => options.Value.DefaultErrorStatusCode,
            };

    private ValueTask WriteEnvelopeAsync(WebRequest request, ResponseBuffer buffer, ParamSet received, TimeSpan duration)
    {
        if (buffer.Length > 1)
        {
            buffer.Write((byte)',');
        }

        WriteInformation(buffer, request.Connection, received, duration);
        buffer.Write((byte)'}');
        return SendJsonAsync(request.Http, buffer);
    }

    private ValueTask SendJsonAsync(HttpContext http, ResponseBuffer buffer)
    {
        http.Response.ContentType = JsonType;
        if (_padding == 0)
        {
            http.Response.ContentLength = buffer.Length;
            http.Response.BodyWriter.Write(buffer.WrittenSpan);
        }
        else
        {
            var indented = Indent(buffer.WrittenMemory);
            http.Response.ContentLength = indented.Length;
            http.Response.BodyWriter.Write(indented);
        }

        return FlushAsync(http);
    }

    private static async ValueTask FlushAsync(HttpContext http) => await http.Response.BodyWriter.FlushAsync(http.RequestAborted);

    private void WriteInformation(ResponseBuffer buffer, HttpConnection connection, ParamSet received, TimeSpan duration)
    {
        // The writer begins an object of its own, whose opening brace is what we have already.
        var writer = buffer.Writer;
        writer.Reset(buffer);
        var brace = buffer.Length;
        writer.WriteStartObject();
        writer.WriteStartObject("serverInformation"u8);
        writer.WriteString("serverName"u8, polywire.Value.ServerName);
        writer.WriteString("apiVersion"u8, polywire.Value.ApiVersion);
        writer.WriteNumber("requestDuration"u8, (long)duration.TotalMilliseconds);
        writer.WriteNumber("currentTime"u8, time.GetUtcNow().ToUnixTimeMilliseconds());
        writer.WriteEndObject();
        writer.WritePropertyName("requesterInformation"u8);
        WriteRequester(writer, connection, received);
        writer.Flush();
        buffer.RemoveAt(brace);
    }

    private void WriteRequester(Utf8JsonWriter writer, HttpConnection connection, ParamSet received)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, connection.Id);
        writer.WriteString("fingerprint"u8, connection.Fingerprint);
        writer.WriteString("messageId"u8, connection.MessageId);
        writer.WriteString("remoteIP"u8, connection.RemoteIP);
        writer.WriteStartObject("receivedParams"u8);
        foreach (var index in received.DistinctIndexes())
        {
            var name = Encoding.UTF8.GetString(received.NameAt(index));
            if (registry.PostVariables?.Allows(name) != false)
            {
                writer.WritePropertyName(name);
                received.ValueAt(index).WriteTo(writer);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private byte[] Indent(ReadOnlyMemory<byte> json)
    {
        // What was sent may be as deep as a request may be, and stands a few levels down in the envelope.
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        using var stream = new MemoryStream(json.Length * 2);
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Indented = true,
            IndentSize = _padding,
            NewLine = "\n",
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            document.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
