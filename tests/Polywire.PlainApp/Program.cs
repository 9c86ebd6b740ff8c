// An application as its author writes it, every server on its usual port: what tests of applications run.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.AddPolywire().AddSocketServer().AddSockhopServer();

var app = builder.Build();
app.MapPolywire();
app.MapAction("add", (Numbers input) => new Sum(input.A + input.B));
app.Run();

internal sealed record Numbers(double A, double B);

internal sealed record Sum(double Result);
