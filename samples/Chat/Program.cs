using Chat;

var builder = WebApplication.CreateBuilder(args);

builder.AddPolywire(options => options.ServerName = "chat")
       .AddActions()                          // every [Action] class of this project
       .AddSocketServer()                     // TCP on 5000; HTTP is on 8080 where nothing else is said
       .AddRooms("lobby", "kitchen")
       .UseRoomMiddleware<Announcer>();

builder.Services.AddSingleton<Board>();

var app = builder.Build();

// A page to read about the actions and to try them: http://localhost:8080/swagger
app.UseSwaggerUI(page => page.SwaggerEndpoint("/openapi.json", "Chat"));
app.UseRouting();                             // behind the page, whose files no action is to answer for
app.MapPolywire();                            // http://localhost:8080/api/{action}

// Small actions need no class.
app.MapAction("add", (Numbers input) => new Sum(input.A + input.B)).WithDescription("Adds two numbers");

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(Hints.Text));
app.Run();

internal sealed record Numbers(double A, double B);

internal sealed record Sum(double Result);
