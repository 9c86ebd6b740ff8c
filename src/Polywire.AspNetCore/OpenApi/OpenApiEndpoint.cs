using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http;
using Polywire.AspNetCore.Http.Files;
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
    FileEndpoint files,
    TimeProvider time)
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

        // Kept, and asked for again each time: routes may be added while the host runs.
        http.Response.Headers.CacheControl = "no-cache";
        return files.WriteAsync(http, Document()).AsTask();
    }

    private MemoryFile Document()
    {
        var table = router.Table;
        if (_made is { } made && made.Table == table)
        {
            return made.File;
        }

        lock (_gate)
        {
            var json = Make();
            var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"";
            return (_made = new Made(table, new MemoryFile("openapi.json", ContentType, json, tag, time.GetUtcNow().UtcDateTime))).File;
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

    private sealed record Made(RouteTable Table, MemoryFile File);
}
