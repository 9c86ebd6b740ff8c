namespace Polywire.AspNetCore.Tests.Http.Hostile;

/// <summary>Request lines and headers that are too large, that split, or that two servers would read differently.</summary>
internal static class HostileHeads
{
    private const string Ok = "GET /api/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

    public static IEnumerable<HostileRequest> All => [.. Oversized, .. Splitting, .. Smuggling, .. Forwarding];

    private static IEnumerable<HostileRequest> Oversized =>
    [
        HostileRequest.Get("target of 20 KiB", $"/api/echo?a={new string('x', 20_000)}", 414),
        HostileRequest.Get("target of 1 MiB", $"/{new string('x', 1 << 20)}", 0, 414),
        HostileRequest.Get("8000 slashes", $"/api{new string('/', 8000)}", 404),
        HostileRequest.Get("8000 segments", $"/api/{string.Concat(Enumerable.Repeat("a/", 4000))}", 404),
        HostileRequest.Get("8000 dots", $"/{new string('.', 8000)}", 404),
        HostileRequest.Head("header of 40 KiB", "GET", "/api/echo", [$"X-Long: {new string('x', 40_000)}"], 0, 431),
        HostileRequest.Head("cookie of 30 KiB", "GET", "/api/echo", [$"Cookie: sessionID={new string('x', 30_000)}"], 200, 431),
        HostileRequest.Head("200 headers", "GET", "/api/echo", [.. Enumerable.Range(0, 200).Select(i => $"X-{i}: 1")], 431),
        HostileRequest.Head("5000 cookies", "GET", "/api/echo", [$"Cookie: {string.Concat(Enumerable.Repeat("a=1;", 5000))}"], 200),
        HostileRequest.Head("list of 5000 forwarders", "GET", "/api/echo", [$"X-Forwarded-For: {string.Concat(Enumerable.Repeat("1.1.1.1,", 3000))}"], 200),
        HostileRequest.Head("2000 ranges", "GET", "/page.html", [$"Range: bytes={string.Join(',', Enumerable.Repeat("0-0", 2000))}"], 200),
        HostileRequest.Head("2000 tags", "GET", "/page.html", [$"If-None-Match: {string.Join(',', Enumerable.Repeat("\"x\"", 2000))}"], 200),
        HostileRequest.Head("2000 codings", "GET", "/page.html", [$"Accept-Encoding: {string.Join(',', Enumerable.Repeat("gzip;q=0.1", 2000))}"], 200),
        HostileRequest.Head("method of 5 KiB", new string('A', 5000), "/api/echo", [], 0, 400, 404, 414),
    ];

    private static IEnumerable<HostileRequest> Splitting =>
    [
        HostileRequest.Raw("target with a bare line feed", "GET /api/echo\nX: 1 HTTP/1.1\r\nHost: x\r\n\r\n", 0, 400),
        HostileRequest.Raw("target with a tab", "GET /api/\techo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, 404),
        HostileRequest.Raw("target with a null", "GET /api/\0echo HTTP/1.1\r\nHost: x\r\n\r\n", 0, 400),
        HostileRequest.Raw("target with high bytes", "GET /api/\u00e9cho HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, 404),
        HostileRequest.Raw("header with a null", $"{Ok}X-A: a\0b\r\n\r\n", 0, 400),
        HostileRequest.Raw("header with a bare carriage return", $"{Ok}X-A: a\rb\r\n\r\n", 0, 400),
        HostileRequest.Raw("header with high bytes", $"{Ok}X-A: \u00ff\u00fe\r\n\r\n", 200, 400),
        HostileRequest.Raw("cookie with high bytes", $"{Ok}Cookie: sessionID=\u00ff\u00fe\r\n\r\n", 200, 400),
        HostileRequest.Raw("header without a name", $"{Ok}: a\r\n\r\n", 400),
        HostileRequest.Raw("header without a colon", $"{Ok}nothing\r\n\r\n", 400),
        HostileRequest.Raw("header name with a space", $"{Ok}X A: a\r\n\r\n", 400),
        HostileRequest.Get("line break in a callback", "/api/echo?callback=a%0d%0aSet-Cookie:%20x=1", 200, 400),
        HostileRequest.Get("line break in a session", "/api/echo?sessionID=a%0d%0ab", 200),
        HostileRequest.Get("line break in a route's variable", "/api/users/a%0d%0aSet-Cookie:%20x=1", 200),
        HostileRequest.Get("line break in the extension", "/api/users/a.%0d%0aX-Evil:%201", 200),
        HostileRequest.Head("session that breaks the line", "GET", "/api/echo", ["Cookie: sessionID=a%0d%0aX-Evil: 1"], 200),
        HostileRequest.Head("session with markup", "GET", "/api/echo", ["Cookie: sessionID=<script>alert(1)</script>"], 200),
        HostileRequest.Head("session header with markup", "GET", "/api/echo", ["X-SessionID: \"><script>"], 200),
    ];

    private static IEnumerable<HostileRequest> Smuggling
    {
        get
        {
            const string Post = "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
            const string Inner = "GET /api/other HTTP/1.1\r\nHost: localhost\r\n\r\n";
            return
            [
                HostileRequest.Raw("length and chunks", $"{Post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n", 200, 400),
                HostileRequest.Raw("length and chunks, the length longer", $"{Post}Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Inner}", 200, 400),
                HostileRequest.Raw("two lengths", $"{Post}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{{}}{Inner}", 400),
                HostileRequest.Raw("two equal lengths", $"{Post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}", 200, 400),
                HostileRequest.Raw("list of lengths", $"{Post}Content-Length: 2, 2\r\n\r\n{{}}", 400),
                HostileRequest.Raw("negative length", $"{Post}Content-Length: -1\r\n\r\n", 400),
                HostileRequest.Raw("signed length", $"{Post}Content-Length: +2\r\n\r\n{{}}", 200, 400),
                HostileRequest.Raw("hexadecimal length", $"{Post}Content-Length: 0x2\r\n\r\n{{}}", 400),
                HostileRequest.Raw("endless length", $"{Post}Content-Length: 99999999999999999999\r\n\r\n{{}}", 400),
                HostileRequest.Raw("no length", $"{Post}Content-Length: \r\n\r\n", 400),
                HostileRequest.Raw("unknown transfer coding", $"{Post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, 501),
                HostileRequest.Raw("chunks, then another coding", $"{Post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400, 501),
                HostileRequest.Raw("two transfer codings", $"{Post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 200, 400, 501),
                HostileRequest.Raw("space before the colon", $"{Post}Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{{}}", 400),
                HostileRequest.Raw("folded header", $"{Post}X-A: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{{}}", 400),
                HostileRequest.Raw("chunk size that is none", $"{Post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n", 400),
                HostileRequest.Raw("negative chunk size", $"{Post}Transfer-Encoding: chunked\r\n\r\n-2\r\n{{}}\r\n0\r\n\r\n", 400),
                HostileRequest.Raw("endless chunk size", $"{Post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{{}}\r\n0\r\n\r\n", 400),
                HostileRequest.Raw("chunk without its end", $"{Post}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}X\r\n0\r\n\r\n", 400),
                HostileRequest.Raw("no host", "GET /api/echo HTTP/1.1\r\n\r\n", 400),
                HostileRequest.Raw("two hosts", "GET /api/echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                HostileRequest.Raw("host with a path", "GET /api/echo HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n", 400),
                HostileRequest.Raw("host with user and password", "GET /api/echo HTTP/1.1\r\nHost: u:p@a\r\nConnection: close\r\n\r\n", 400),
                HostileRequest.Raw("target against host", "GET http://a/api/echo HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n", 200, 400),
                HostileRequest.Raw("authority as target", "GET localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, 405),
                HostileRequest.Raw("version of the future", "GET /api/echo HTTP/9.9\r\nHost: a\r\n\r\n", 505),
                HostileRequest.Raw("no version", "GET /api/echo\r\n\r\n", 400, 505),
                HostileRequest.Raw("lower case method", "get /api/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
                HostileRequest.Raw("tunnel", "CONNECT internal:22 HTTP/1.1\r\nHost: internal:22\r\n\r\n", 0, 400, 405),
                HostileRequest.Raw("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, 400, 505),
                HostileRequest.Raw("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n", 0, 400),
                HostileRequest.Raw("nonsense", "\0\u0001\u0002\u0003\r\n\r\n\r\n", 0, 400),
            ];
        }
    }

    private static IEnumerable<HostileRequest> Forwarding =>
        from value in (string[])["[::1]", "[", "]", "[]", ":", "::::::::::", "1.2.3.4.5.6", "999.1.1.1", "localhost", "<script>", "%0d%0a", "-1", "1.2.3.4:99999", ",,,,", new string('9', 5000)]
        from header in (string[])["X-Forwarded-For", "X-Real-IP", "X-Forwarded-Port", "X-Forwarded-Proto"]
        select HostileRequest.Head($"{header} {(value.Length > 40 ? "very long" : value)}", "GET", "/api/echo", [$"{header}: {value}"], 200);
}
