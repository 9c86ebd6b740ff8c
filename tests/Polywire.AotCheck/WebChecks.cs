using System.Net.Http.Headers;
using System.Text;

namespace Polywire.AotCheck;

/// <summary>What the web server answers.</summary>
internal static class WebChecks
{
    private static readonly string[] Gets =
    [
        "/api/greet?name=Ada&times=2", "/api/greet", "/api/greet?name=Ada&times=9", "/api/greet?name=Ada&apiVersion=1", "/api/people/Bob",
        "/api/add?a=2&b=3", "/api/later?a=2&b=3", "/api/add?a=x&b=3", "/api/untyped?key=k&limit=5", "/api/untyped?key=k", "/api/untyped",
        "/api/kinds?number=5&day=2026-01-31&span=00:00:10&colour=red&id=6f9619ff-8b86-d011-b42d-00c04fc964ff&tags=x&tags=y",
        "/api/kinds?colour=7", "/api/kinds?span=24:00:00", "/api/checked?code=ab&mail=a@b", "/api/checked?code=abcdef&mail=a@b",
        "/api/checked?code=ab&mail=nobody", "/api/cached?key=a&value=1", "/api/text", "/api/bytes", "/api/stream", "/api/aFile", "/api/none",
        "/api/fails", "/api/fails?how=told", "/api/limited", "/api/limited", "/api/staff", "/api/nowhere", "/api/greet?name=Ada&callback=show",
        "/", "/public/page.html", "/public/missing.html", "/openapi.json", "/api/status", "/api/showDocumentation", "/polywire/live",
    ];

    public static async Task RunAsync(Transcript transcript, Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        foreach (var path in Gets)
        {
            await transcript.AddAsync("GET " + path, async () => await ShowAsync(await http.GetAsync(new Uri(path, UriKind.Relative))));
        }

        string[] bodies =
        [
            """{"name":"Bob","times":1}""",
            """{"name":"Bob","isAdmin":true,"pin":"1"}""",
            """{"name":""}""",
            """{"name":["x"]}""",
            """{""",
        ];
        foreach (var body in bodies)
        {
            await transcript.AddAsync("POST /api/greet " + body, async () => await PostAsync(http, "/api/greet", body));
        }

        await transcript.AddAsync("POST /api/people", async () => await PostAsync(http, "/api/people", """{"name":"Bob"}"""));
        await transcript.AddAsync("POST /api/nested", async () => await PostAsync(
            http, "/api/nested", """{"lines":[{"amount":1.5,"note":"n"},{"amount":2}],"table":{"a":{"amount":3}},"any":{"x":[1,"2",null]},"tags":["t"]}"""));
        await transcript.AddAsync("POST /api/nested missing", async () => await PostAsync(http, "/api/nested", """{"lines":[{}],"table":{},"any":1,"tags":[]}"""));
        await transcript.AddAsync("a form", async () =>
        {
            using var form = new FormUrlEncodedContent([new("name", "Zoe"), new("times", "2")]);
            return await ShowAsync(await http.PostAsync(new Uri("/api/greet", UriKind.Relative), form));
        });
        await transcript.AddAsync("an upload", async () =>
        {
            using var form = new MultipartFormDataContent();
            using var file = new ByteArrayContent([1, 2, 3]);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            form.Add(file, "picture", "a.png");
            return await ShowAsync(await http.PostAsync(new Uri("/api/upload", UriKind.Relative), form));
        });
        await transcript.AddAsync("a part of a file", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/public/page.html");
            request.Headers.Range = new RangeHeaderValue(0, 3);
            return await ShowAsync(await http.SendAsync(request));
        });
        await transcript.AddAsync("OPTIONS", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, "/api/greet");
            return await ShowAsync(await http.SendAsync(request));
        });
    }

    private static async Task<string> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ShowAsync(await http.PostAsync(new Uri(path, UriKind.Relative), content));
    }

    private static async Task<string> ShowAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            return $"{(int)response.StatusCode} {response.Content.Headers.ContentType} {body.ReplaceLineEndings(" ")}";
        }
    }
}
