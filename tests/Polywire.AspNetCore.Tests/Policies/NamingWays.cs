using Polywire.AspNetCore.Tests.Http;

namespace Polywire.AspNetCore.Tests.Policies;

/// <summary>Every way in which a web request can name its action, in pairs of the one that runs and the one that is named beside it.</summary>
internal static class NamingWays
{
    private const string Boundary = "boundary";

    /// <summary>The way's name, and a request that runs <c>name</c> and names <c>decoy</c> where it can.</summary>
    public static IReadOnlyDictionary<string, Func<WebHost, string, string, string[], Task<RawAnswer>>> All { get; } =
        new Dictionary<string, Func<WebHost, string, string, string[], Task<RawAnswer>>>
        {
            ["path"] = (host, name, _, headers) => host.GetAsync($"/api/{name}", headers),
            ["path in another case"] = (host, name, _, headers) => host.GetAsync($"//api/{name.ToUpperInvariant()}/", headers),
            ["path over query"] = (host, name, decoy, headers) => host.GetAsync($"/api/{name}?action={decoy}", headers),
            ["path over body"] = (host, name, decoy, headers) => Json(host, $"/api/{name}", $$"""{"action":"{{decoy}}"}""", headers),
            ["path over query and body"] = (host, name, decoy, headers) => Json(host, $"/api/{name}?action={decoy}", $$"""{"action":"{{decoy}}"}""", headers),
            ["head"] = (host, name, _, headers) => host.SendAsync("HEAD", $"/api/{name}", headers),
            ["query"] = (host, name, _, headers) => host.GetAsync($"/api?action={name}", headers),
            ["encoded query name"] = (host, name, _, headers) => host.GetAsync($"/api?a%63tion={name}", headers),
            ["encoded query value"] = (host, name, _, headers) => host.GetAsync($"/api?action=%{(int)name[0]:x2}{name[1..]}", headers),
            ["query behind a file's name"] = (host, name, _, headers) => host.GetAsync($"/api?x=1&;action=no&action={name}", headers),
            ["query of an unknown method"] = (host, name, _, headers) => host.SendAsync("PROPFIND", $"/api?action={name}", headers),
            ["query with a callback"] = (host, name, _, headers) => host.GetAsync($"/api?callback=f&action={name}", headers),
            ["json"] = (host, name, _, headers) => Json(host, "/api", $$"""{"action":"{{name}}"}""", headers),
            ["json over query"] = (host, name, decoy, headers) => Json(host, $"/api?action={decoy}", $$"""{"action":"{{name}}"}""", headers),
            ["json over encoded query"] = (host, name, decoy, headers) => Json(host, $"/api?%61ction={decoy}", $$"""{"action":"{{name}}"}""", headers),
            ["json, the last of two"] = (host, name, decoy, headers) => Json(host, $"/api?action={decoy}", $$"""{"action":"{{decoy}}","action":"{{name}}"}""", headers),
            ["json with an escaped name"] = (host, name, decoy, headers) => Json(host, $"/api?action={decoy}", $$"""{"\u0061ction":"{{name}}"}""", headers),
            ["json with an escaped value"] = (host, name, decoy, headers) =>
                Json(host, $"/api?action={decoy}", $$"""{"action":"\u{{(int)name[0]:x4}}{{name[1..]}}"}""", headers),
            ["json of another type"] = (host, name, decoy, headers) =>
                host.PostAsync($"/api?action={decoy}", $$"""{"action":"{{name}}"}""", "application/vnd.api+json; charset=utf-8", headers),
            ["json with a callback"] = (host, name, decoy, headers) => Json(host, $"/api?action={decoy}&callback=f", $$"""{"action":"{{name}}"}""", headers),
            ["json in pieces"] = (host, name, decoy, headers) => InPieces(host, $"/api?action={decoy}", $$"""{"action":"{{name}}"}""", headers),
            ["json that is put"] = (host, name, decoy, headers) => Send(host, "PUT", $"/api?action={decoy}", $$"""{"action":"{{name}}"}""", headers),
            ["json that is deleted"] = (host, name, decoy, headers) => Send(host, "DELETE", $"/api?action={decoy}", $$"""{"action":"{{name}}"}""", headers),
            ["long json"] = (host, name, decoy, headers) =>
                Json(host, $"/api?action={decoy}", $$"""{"x":"{{new string('x', 200_000)}}","action":"{{name}}"}""", headers),
            ["form"] = (host, name, _, headers) => Form(host, "/api", $"action={name}", headers),
            ["form over query"] = (host, name, decoy, headers) => Form(host, $"/api?action={decoy}", $"action={name}", headers),
            ["form with an encoded name"] = (host, name, decoy, headers) => Form(host, $"/api?action={decoy}", $"%61ction={name}", headers),
            ["json sent as a form"] = (host, name, decoy, headers) => Form(host, $"/api?action={decoy}", $$""" {"action":"{{name}}"}""", headers),
            ["multipart"] = (host, name, _, headers) => Multipart(host, "/api", name, headers),
            ["multipart over query"] = (host, name, decoy, headers) => Multipart(host, $"/api?action={decoy}", name, headers),
        };

    /// <summary>Whether the middleware cannot know the name: bodies that are long, of no announced length, or uploads.</summary>
    public static bool IsLate(string way) => way is "json in pieces" or "long json" || way.StartsWith("multipart", StringComparison.Ordinal);

    private static Task<RawAnswer> Json(WebHost host, string target, string body, string[] headers) => host.PostAsync(target, body, headers: headers);

    private static Task<RawAnswer> Form(WebHost host, string target, string body, string[] headers) =>
        host.PostAsync(target, body, "application/x-www-form-urlencoded", headers);

    private static Task<RawAnswer> Multipart(WebHost host, string target, string name, string[] headers) =>
        host.PostAsync(
            target,
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\n{name}\r\n--{Boundary}--\r\n",
            $"multipart/form-data; boundary={Boundary}",
            headers);

    private static Task<RawAnswer> Send(WebHost host, string method, string target, string body, string[] headers) =>
        host.RawAsync(
            $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n"
            + $"{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n{body}");

    private static Task<RawAnswer> InPieces(WebHost host, string target, string body, string[] headers) =>
        host.RawAsync(
            $"POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
            + $"{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n{string.Concat(body.Select(c => $"1\r\n{c}\r\n"))}0\r\n\r\n");
}
