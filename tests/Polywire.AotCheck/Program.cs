using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Polywire;
using Polywire.AotCheck;

// Serves every feature, asks for each over every transport and prints what was answered. Compiled ahead of time it has to print the same.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["Polywire:Web:OpenApiPath"] = "/openapi.json",
    ["Polywire:ActionTimeout"] = "00:00:30",
    ["Polywire:Socket:BindIP"] = "127.0.0.1",
    ["Polywire:Socket:Port"] = Ports.Free().ToString(System.Globalization.CultureInfo.InvariantCulture),
    ["Polywire:Sockhop:Port"] = Ports.Free().ToString(System.Globalization.CultureInfo.InvariantCulture),
});
builder.Services.AddAuthentication().AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NobodyScheme>("nobody", null);
builder.Services.AddAuthorization(options => options.AddPolicy("staff", policy => policy.RequireRole("staff")));
builder.AddPolywire(options => (options.ServerName, options.NodeId) = ("checked", "checked"))
    .AddActions()
    .AddBuiltInActions()
    .AddJsonContext(CheckJson.Default)
    .AddJsonContext(Polywire.AotCheck.Contract.MoveJson.Default)
    .AddRooms("lobby", "hall")
    .AddRateLimit("once", _ => RateLimitPartition.GetFixedWindowLimiter(
        "all", _ => new FixedWindowRateLimiterOptions { PermitLimit = 1, Window = TimeSpan.FromHours(1) }))
    .AddRoutes(routes => routes.Get("/people/:name", "greet").Post("/people", "greet"))
    .UseMiddleware<Stamp>()
    .UseRoomMiddleware<Announcer>()
    .AddSocketServer()
    .AddSockhopServer()
    .AddLiveView(options => options.Authorize = _ => new(true));

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapPolywire();
app.MapAction("add", (AddInput input) => new AddOutput(input.A + input.B)).WithDescription("Adds");
app.MapAction("later", async (AddInput input) =>
{
    await Task.Yield();
    return new AddOutput(input.A * input.B);
});
app.MapDynamicAction(
    "untyped",
    inputs => inputs.Required("key").Optional("limit", format: value => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture), defaultValue: 10),
    (context, _) =>
    {
        context.Response["key"] = context.Params.TryGet("key", out var key) ? key : null;
        context.Response["limit"] = context.Params.TryGet("limit", out var limit) ? limit : null;
        return Task.CompletedTask;
    });
await app.StartAsync();

var transcript = new Transcript();
await WebChecks.RunAsync(transcript, new Uri(app.Urls.First()));
await WebSocketChecks.RunAsync(transcript, new Uri(app.Urls.First()));
await SocketChecks.RunAsync(transcript, app.Services.GetRequiredService<IOptions<SocketOptions>>().Value.Port);
await SockhopChecks.RunAsync(transcript, app.Services.GetRequiredService<IOptions<SockhopTransportOptions>>().Value.Port);
await transcript.AddAsync("in process", async () =>
    (await app.Services.GetRequiredService<IActions>().RunAsync<Greet.Output>("greet", new AddName("Eve"))).ToString());
await ContractChecks.RunAsync(transcript, app.Services.GetRequiredService<IActions>());
await app.StopAsync();
await ClusterChecks.RunAsync(transcript, Environment.GetEnvironmentVariable("POLYWIRE_REDIS") ?? throw new InvalidOperationException("POLYWIRE_REDIS names the Redis of these checks."));
Console.WriteLine($"{transcript.Count} answers, {transcript.Failures} failed");
return transcript.Failures;
