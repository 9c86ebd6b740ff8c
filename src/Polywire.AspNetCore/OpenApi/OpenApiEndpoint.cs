using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http;
using Polywire.AspNetCore.Http.Compression;
using Polywire.AspNetCore.Http.Hosts;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.OpenApi;

/// <summary>Answers with the OpenAPI document, which is made once for each state of the routes.</summary>
internal sealed class OpenApiEndpoint(
    OpenApiDocumentBuilder builder,
    IEnumerable<OpenApiChange> changes,
    WebRouter router,
    HostFilter hosts,
    DefaultHeaders headers,
    AnswerCompression compression)
{
    private const string ContentType = "application/json; charset=utf-8";

    private readonly Lock _gate = new();
    private volatile Made? _made;

    public Task InvokeAsync(HttpContext http)
    {
        if (hosts.Refuses(http))
        {
            return hosts.RedirectAsync(http);
        }

        headers.Apply(http.Response);
        http.Response.ContentType = ContentType;
        var body = compression.Compress(http, ContentType, Document());
        http.Response.ContentLength = body.Length;
        return http.Request.IsHead()
            ? Task.CompletedTask
            : http.Response.BodyWriter.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private byte[] Document()
    {
        var table = router.Table;
        if (_made is { } made && made.Table == table)
        {
            return made.Json;
        }

        lock (_gate)
        {
            return (_made = new Made(table, Make())).Json;
        }
    }

    private byte[] Make()
    {
        var document = builder.Build();
        foreach (var change in changes)
        {
            change.Apply(document);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        document.WriteTo(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private sealed record Made(RouteTable Table, byte[] Json);
}
