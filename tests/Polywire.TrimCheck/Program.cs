using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using Polywire;
using Polywire.TrimCheck;

// Uses every feature with JSON reflection off. Published trimmed and run: what the trimmer took away shows here.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.AddPolywire(options => options.ServerName = "trimmed")
    .AddActions()
    .AddBuiltInActions()
    .AddJsonContext(CheckJson.Default)
    .AddRooms("lobby")
    .UseMiddleware<Stamp>()
    .AddSocketServer(socket => (socket.BindIP, socket.Port) = ("127.0.0.1", FreePort()));

var app = builder.Build();
app.MapPolywire();
app.MapAction("add", (AddInput input) => new AddOutput(input.A + input.B));
await app.StartAsync();

var failures = 0;
using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
await CheckAsync("a typed action over HTTP", async () =>
    (await http.GetStringAsync(new Uri("/api/greet?name=Ada&times=2", UriKind.Relative))).Contains("Hello Ada", StringComparison.Ordinal));
await CheckAsync("a delegate over HTTP", async () =>
    (await http.GetStringAsync(new Uri("/api/add?a=2&b=3", UriKind.Relative))).Contains("\"sum\":5", StringComparison.Ordinal));
await CheckAsync("a body", async () =>
{
    using var content = new StringContent("{\"name\":\"Bob\",\"times\":1}", Encoding.UTF8, "application/json");
    var answer = await http.PostAsync(new Uri("/api/greet", UriKind.Relative), content);
    return answer.StatusCode == HttpStatusCode.OK && (await answer.Content.ReadAsStringAsync()).Contains("Hello Bob", StringComparison.Ordinal);
});
await CheckAsync("a missing input", async () =>
    (await http.GetAsync(new Uri("/api/greet", UriKind.Relative))).StatusCode == HttpStatusCode.UnprocessableEntity);
await CheckAsync("the documentation", async () =>
    (await http.GetStringAsync(new Uri("/api/showDocumentation", UriKind.Relative))).Contains("Greets somebody.", StringComparison.Ordinal));
await CheckAsync("cache and rooms over TCP", SpeakAsync);
await app.StopAsync();
Console.WriteLine(failures == 0 ? "trimmed: every feature works" : $"trimmed: {failures} failed");
return failures;

async Task<bool> SpeakAsync()
{
    using var client = new TcpClient();
    await client.ConnectAsync(IPAddress.Loopback, app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SocketOptions>>().Value.Port);
    await using var stream = client.GetStream();
    using var reader = new StreamReader(stream);
    await reader.ReadLineAsync();
    await stream.WriteAsync("roomAdd lobby\r\nsay lobby hello\r\n{\"action\":\"cacheTest\",\"params\":{\"key\":\"k\",\"value\":\"v\"}}\r\nquit\r\n"u8.ToArray());
    var said = await reader.ReadToEndAsync();
    return said.Contains("\"message\":\"hello\"", StringComparison.Ordinal) && said.Contains("\"saveResp\":true", StringComparison.Ordinal);
}

async Task CheckAsync(string what, Func<Task<bool>> check)
{
    var passed = false;
    try
    {
        passed = await check();
    }
    catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException or NotSupportedException)
    {
        Console.WriteLine(exception);
    }

    failures += passed ? 0 : 1;
    Console.WriteLine($"{(passed ? "ok" : "not ok")} - {what}");
}

static int FreePort()
{
    using var probe = new TcpListener(IPAddress.Loopback, 0);
    probe.Start();
    return ((IPEndPoint)probe.LocalEndpoint).Port;
}

namespace Polywire.TrimCheck
{
    internal sealed record AddInput(int A, int B);

    internal sealed record AddOutput(int Sum);

    /// <summary>Greets somebody.</summary>
    [Action("greet")]
    internal sealed class Greet : IAction<Greet.Input, Greet.Output>
    {
        public sealed record Input
        {
            public required string Name { get; init; }

            [System.ComponentModel.DataAnnotations.Range(1, 5)]
            public int Times { get; init; } = 1;

            [Secret]
            public string? Pin { get; init; }
        }

        public sealed record Output(string Greeting);

        public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
            new(new Output(string.Join(' ', Enumerable.Repeat($"Hello {input.Name}", input.Times))));
    }

    internal sealed class Stamp : IActionMiddleware
    {
        public async ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
        {
            await next(context);
            context.Response["stamped"] = true;
        }
    }

    [JsonSerializable(typeof(AddInput))]
    [JsonSerializable(typeof(AddOutput))]
    [JsonSerializable(typeof(Greet.Output))]
    internal sealed partial class CheckJson : JsonSerializerContext;
}
