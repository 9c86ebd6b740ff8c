using Chat;
using Polywire;

// What belongs to the program lies beside it, from wherever it is started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

var polywire = builder.AddPolywire(options => options.ServerName = "chat")
       .AddActions()                          // every [Action] class of this project
       .AddSocketServer()                     // TCP on 5000; HTTP is on 8080 where nothing else is said
       .AddLiveView()                         // /polywire/live, for browsers on this machine in Development
       .AddRooms("lobby", "kitchen")
       .UseRoomMiddleware<Announcer>();

// One node by itself; with a Redis, one of many: samples/Cluster.
if (builder.Configuration["Polywire:Redis:Configuration"] is not null)
{
    polywire.AddRedis();
}

builder.Services.AddSingleton<Board>().AddSingleton<Names>();

var app = builder.Build();

// A page to read about the actions and to try them: http://localhost:8080/swagger
app.UseSwaggerUI(page => page.SwaggerEndpoint("/openapi.json", "Chat"));
app.UseRouting();                             // behind the page, whose files no action is to answer for
app.MapPolywire();                            // http://localhost:8080: the page in public/, /api/{action}, WebSockets on /primus

// Small actions need no class.
app.MapAction("add", (Numbers input) => new Sum(input.A + input.B)).WithDescription("Adds two numbers");

if (app.Configuration.GetValue("Chat:Hints", true))
{
    app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(Hints.Text));
}

app.Run();

internal sealed record Numbers(double A, double B);

internal sealed record Sum(double Result);
