using System.Text;

namespace Polywire.AspNetCore.Tests.Http.Hostile;

/// <summary>Bodies that are broken, deep, large, or made to be slow.</summary>
internal static class HostileBodies
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data; boundary=XX";

    public static IEnumerable<HostileRequest> All => [.. OfJson, .. OfForms, .. OfMultipart, .. CutOff];

    private static IEnumerable<HostileRequest> OfJson =>
    [
        HostileRequest.Post("JSON 65 levels deep", "/api/echo", Json, $"{{\"a\":{Deep(65)}}}", 400),
        HostileRequest.Post("JSON 100,000 levels deep", "/api/echo", Json, $"{{\"a\":{Deep(100_000)}}}", 400),
        HostileRequest.Post("JSON list 100,000 levels deep", "/api/echo", Json, Deep(100_000), 400),
        HostileRequest.Post("JSON objects that never end", "/api/echo", Json, string.Concat(Enumerable.Repeat("{\"a\":", 50_000)), 400),
        HostileRequest.Post("JSON with 80,000 names", "/api/echo", Json, $"{{{string.Join(',', Enumerable.Range(0, 80_000).Select(i => $"\"k{i}\":1"))}}}", 200),
        HostileRequest.Post("JSON with one name 100,000 times", "/api/echo", Json, $"{{{string.Join(',', Enumerable.Repeat("\"a\":1", 100_000))}}}", 200),
        HostileRequest.Post("JSON with a name of 500 KB", "/api/echo", Json, $"{{\"{new string('k', 500_000)}\":1}}", 200),
        HostileRequest.Post("JSON above the limit", "/api/echo", Json, $"{{\"a\":\"{new string('x', HostileRequestsTests.MaxBodySize)}\"}}", 413),
        HostileRequest.Post("JSON with a number of 10,000 digits", "/api/echo", Json, $"{{\"a\":{new string('9', 10_000)}}}", 200),
        HostileRequest.Post("JSON with an enormous exponent", "/api/echo", Json, "{\"a\":1e999999999}", 200),
        HostileRequest.Post("JSON with half a pair", "/api/echo", Json, "{\"a\":\"\\ud800\"}", 200),
        HostileRequest.Post("JSON with bytes that are no text", "/api/echo", Json, "{\"a\":\"\u00ff\u00fe\"}", 200, 400),
        HostileRequest.Post("JSON with a comment", "/api/echo", Json, "{\"a\":1/*x*/}", 400),
        HostileRequest.Post("JSON with a comma too many", "/api/echo", Json, "{\"a\":1,}", 400),
        HostileRequest.Post("JSON twice", "/api/echo", Json, "{}{}", 400),
        HostileRequest.Post("JSON that is not", "/api/echo", Json, "NaN", 400),
        HostileRequest.Post("JSON in UTF-16", "/api/echo", Json, "{\0\"\0a\0\"\0:\01\0}\0", 400),
        HostileRequest.Post("prototype in JSON", "/api/echo", Json, "{\"__proto__\":{\"a\":\"polluted\"},\"constructor\":{\"prototype\":{\"a\":1}}}", 200),
        HostileRequest.Post("action that is an object", "/api", Json, "{\"action\":{\"a\":1}}", 404),
        HostileRequest.Post("action that is a list", "/api", Json, "{\"action\":[\"echo\"]}", 404),
        HostileRequest.Post("version that is an object", "/api/echo", Json, "{\"apiVersion\":{}}", 404),
        HostileRequest.Post("callback that is an object", "/api/echo", Json, "{\"callback\":{\"a\":1}}", 200, 400),
        HostileRequest.Post("callback that is a number", "/api/echo", Json, "{\"callback\":5}", 200, 400),
    ];

    private static IEnumerable<HostileRequest> OfForms =>
    [
        HostileRequest.Post("form with 50,000 names", "/api/echo", Form, string.Join('&', Enumerable.Range(0, 50_000).Select(i => $"k{i}=1")), 200),
        HostileRequest.Post("form with one name 50,000 times", "/api/echo", Form, string.Join('&', Enumerable.Repeat("a=1", 50_000)), 200),
        HostileRequest.Post("form of ampersands", "/api/echo", Form, new string('&', 500_000), 200),
        HostileRequest.Post("form of percent signs", "/api/echo", Form, $"a={new string('%', 500_000)}", 200),
        HostileRequest.Post("form above the limit", "/api/echo", Form, $"a={new string('x', HostileRequestsTests.MaxBodySize)}", 413),
        HostileRequest.Post("form with a name of 500 KB", "/api/echo", Form, $"{new string('k', 500_000)}=1", 200),
        HostileRequest.Post("form of brackets", "/api/echo", Form, $"a{new string('[', 100_000)}=1", 200),
        HostileRequest.Post("form that begins like JSON", "/api/echo", Form, $"{{{new string('{', 100_000)}", 200, 400),
        HostileRequest.Post("form with a null", "/api/echo", Form, "a=%00&b=\0", 200),
    ];

    private static IEnumerable<HostileRequest> OfMultipart =>
    [
        HostileRequest.Post("multipart without a boundary", "/api/echo", "multipart/form-data", Parts("a", "1"), 400),
        HostileRequest.Post("multipart with an empty boundary", "/api/echo", "multipart/form-data; boundary=", Parts("a", "1"), 400),
        HostileRequest.Post("multipart with a boundary of 1 KiB", "/api/echo", $"multipart/form-data; boundary={new string('X', 1024)}", Parts("a", "1"), 400),
        HostileRequest.Post("multipart with another boundary", "/api/echo", "multipart/form-data; boundary=YY", Parts("a", "1"), 400),
        HostileRequest.Post("multipart that does not end", "/api/echo", Multipart, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1", 400),
        HostileRequest.Post("multipart without a name", "/api/echo", Multipart, "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--\r\n", 200, 400),
        HostileRequest.Post("multipart without a disposition", "/api/echo", Multipart, "--XX\r\n\r\n1\r\n--XX--\r\n", 200, 400),
        HostileRequest.Post("multipart with 5000 parts", "/api/echo", Multipart, Repeat(5000, i => $"--XX\r\nContent-Disposition: form-data; name=\"k{i}\"\r\n\r\n1\r\n"), 400, 413),
        HostileRequest.Post("multipart with headers of 100 KB", "/api/echo", Multipart, $"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\nX-A: {new string('x', 100_000)}\r\n\r\n1\r\n--XX--\r\n", 400, 413),
        HostileRequest.Post("multipart with 1000 headers", "/api/echo", Multipart, $"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n{string.Concat(Enumerable.Range(0, 1000).Select(i => $"X-{i}: 1\r\n"))}\r\n1\r\n--XX--\r\n", 400, 413),
        HostileRequest.Post("multipart fields above the limit", "/api/echo", Multipart, Parts("a", new string('x', HostileRequestsTests.MaxBodySize + 1)), 413),
        HostileRequest.Post("upload above the limit", "/api/echo", Multipart, Upload("a.txt", new string('x', HostileRequestsTests.MaxFileSize + 1)), 413),
        HostileRequest.Post("upload named like a path", "/api/echo", Multipart, Upload("../../../etc/cron.d/x", "x"), 200),
        HostileRequest.Post("upload named like a Windows path", "/api/echo", Multipart, Upload("..\\\\..\\\\x.exe", "x"), 200),
        HostileRequest.Post("upload with a null in its name", "/api/echo", Multipart, Upload("a\0.txt", "x"), 200, 400),
        HostileRequest.Post("upload with a name of 10 KB", "/api/echo", Multipart, Upload(new string('n', 10_000), "x"), 200, 400, 413),
        HostileRequest.Post("upload with a broken extended name", "/api/echo", Multipart, "--XX\r\nContent-Disposition: form-data; name=\"b\"; filename*=UTF-8''%ZZ%ff\r\n\r\nx\r\n--XX--\r\n", 200, 400),
        HostileRequest.Post("upload with an unknown coding", "/api/echo", Multipart, "--XX\r\nContent-Disposition: form-data; name=\"b\"; filename=\"x\"\r\nContent-Transfer-Encoding: rot13\r\n\r\nx\r\n--XX--\r\n", 400),
        HostileRequest.Post("upload in broken base64", "/api/echo", Multipart, "--XX\r\nContent-Disposition: form-data; name=\"b\"; filename=\"x\"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--XX--\r\n", 200, 400),
        HostileRequest.Post("multipart in multipart", "/api/echo", Multipart, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: multipart/mixed; boundary=XX\r\n\r\n--XX\r\n\r\n--XX--\r\n--XX--\r\n", 200, 400),
        HostileRequest.Post("multipart of boundaries", "/api/echo", Multipart, string.Concat(Enumerable.Repeat("--XX\r\n", 20_000)), 400, 413),
        HostileRequest.Post("multipart of almost boundaries", "/api/echo", Multipart, Parts("a", string.Concat(Enumerable.Repeat("\r\n--X", 100_000))), 200),
        HostileRequest.Post("multipart with a prototype", "/api/echo", Multipart, Parts("__proto__", "1"), 200),
        HostileRequest.Post("octets with a path as their name", "/api/echo", "application/octet-stream\r\nX-File-Name: ../../x", "x", 200),
        HostileRequest.Post("octets above the limit", "/api/echo", "application/octet-stream", new string('x', HostileRequestsTests.MaxFileSize + 1), 413),
        HostileRequest.Post("content type of 5 KiB", "/api/echo", $"application/{new string('j', 5000)}", "{}", 200),
        HostileRequest.Post("content type that is everything", "/api/echo", "octet-stream urlencoded multipart json", "{\"a\":1}", 200, 400),
    ];

    // The client ends its side and sends no more.
    private static IEnumerable<HostileRequest> CutOff =>
        from type in (string[])[Json, Form, Multipart, "application/octet-stream", "text/plain"]
        from chunked in (bool[])[false, true]
        select HostileRequest.Raw(
            $"half a body of {type}, {(chunked ? "in chunks" : "with its length")}",
            $"POST /api/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\n{(chunked ? "Transfer-Encoding: chunked" : "Content-Length: 1000")}\r\n\r\n{(chunked ? "5\r\n{\"a" : "{\"a\"")}",
            0, 200, 400);

    private static string Deep(int levels) => $"{new string('[', levels)}{new string(']', levels)}";

    private static string Parts(string name, string text) => $"--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n--XX--\r\n";

    private static string Upload(string name, string text) =>
        $"--XX\r\nContent-Disposition: form-data; name=\"b\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--XX--\r\n";

    private static string Repeat(int count, Func<int, string> part)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(part(i));
        }

        return text.Append("--XX--\r\n").ToString();
    }
}
