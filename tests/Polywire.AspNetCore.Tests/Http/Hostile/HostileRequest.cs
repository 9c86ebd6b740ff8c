namespace Polywire.AspNetCore.Tests.Http.Hostile;

/// <summary>A request that means no good.</summary>
/// <param name="Name">What it tries; unique.</param>
/// <param name="Bytes">All that is sent, every character a byte.</param>
/// <param name="Statuses">What it may be answered; 0 is a connection that ends without an answer.</param>
public sealed record HostileRequest(string Name, string Bytes, params int[] Statuses)
{
    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static HostileRequest Get(string name, string target, params int[] statuses) => Head(name, "GET", target, [], statuses);

    internal static HostileRequest Head(string name, string method, string target, string[] headers, params int[] statuses) =>
        new(name, $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n", statuses);

    internal static HostileRequest Post(string name, string target, string type, string body, params int[] statuses) =>
        new(name, $"POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}", statuses);

    internal static HostileRequest Raw(string name, string bytes, params int[] statuses) => new(name, bytes, statuses);
}
