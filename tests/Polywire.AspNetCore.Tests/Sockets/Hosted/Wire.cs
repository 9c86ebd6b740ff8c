using System.Text.Json;
using Polywire.TestSupport;
using Shouldly;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>The lines of the protocol, and asking for them.</summary>
internal static class Wire
{
    public const string Welcome = """{"welcome":"Hello! Welcome to the actionhero api","context":"api"}""";
    public const string Goodbye = """{"status":"Bye!","context":"api"}""";
    public const string Unknown = "unknown action or invalid apiVersion";
    public const string NotJson = "request is not valid JSON";

    /// <summary>A verb's success, byte by byte; the id is the count unless given.</summary>
    public static string Ok(int count, string data = "null", string? id = null) =>
        $$"""{"status":"OK","context":"response","data":{{data}},"messageId":{{id ?? $"{count}"}},"messageCount":{{count}}}""";

    /// <summary>A failure, byte by byte; the id is the count unless given.</summary>
    public static string Error(int count, string error, string? id = null) =>
        $$"""{"error":"{{error.Replace("\"", "\\\"", StringComparison.Ordinal)}}","context":"response","messageId":{{id ?? $"{count}"}},"messageCount":{{count}}}""";

    /// <summary>An action's answer, byte by byte; the id is the count unless given.</summary>
    /// <param name="count">The number of the request.</param>
    /// <param name="members">The action's own keys.</param>
    /// <param name="id">The message id as JSON.</param>
    public static string Answer(int count, string members, string? id = null) =>
        $$"""{{{members}},"context":"response","messageId":{{id ?? $"{count}"}},"messageCount":{{count}}}""";

    /// <summary>What the action <c>echo</c> answers to params, byte by byte.</summary>
    public static string Echo(int count, string parameters, string? id = null) => Answer(count, $"\"params\":{parameters},\"type\":\"socket\"", id);

    /// <summary>Sends a line.</summary>
    public static Task LineAsync(this TcpLineClient client, string line) => client.SendAsync(line + "\n");

    /// <summary>Sends bytes, in one write.</summary>
    public static Task SendBytesAsync(this TcpLineClient client, byte[] bytes) => client.SendAsync(bytes.AsMemory());

    /// <summary>Sends a line and reads one back.</summary>
    public static async Task<string> AskAsync(this TcpLineClient client, string line)
    {
        await client.LineAsync(line);
        return await client.ReadLineAsync();
    }

    /// <summary>Sends a line and reads JSON back.</summary>
    public static async Task<JsonElement> AskJsonAsync(this TcpLineClient client, string line)
    {
        await client.LineAsync(line);
        return await client.ReadJsonAsync();
    }

    /// <summary>Reads a line that has to be this.</summary>
    public static async Task ExpectAsync(this TcpLineClient client, string line) => (await client.ReadLineAsync()).ShouldBe(line);

    /// <summary>Sends a line and reads one back that has to be this.</summary>
    public static async Task ExpectAsync(this TcpLineClient client, string line, string answer) =>
        (await client.AskAsync(line)).ShouldBe(answer, $"the answer to {(line.Length > 200 ? line[..200] : line)}");

    /// <summary>Reads the goodbye, and then the end without another byte.</summary>
    public static async Task ExpectGoodbyeAsync(this TcpLineClient client)
    {
        await client.ExpectAsync(Goodbye);
        (await client.ReadToEndAsync()).ShouldBeEmpty("bytes after the goodbye");
    }

    /// <summary>The text at a name, or at names within one another.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            element = element.GetProperty(name);
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
    }
}
