using Polywire.ConformanceApp;

var settings = Settings.Read(Environment.GetEnvironmentVariable);
BigFile.EnsureIn(Path.Combine(AppContext.BaseDirectory, "public"));
var app = ConformanceHost.Build(settings, args);
app.Run();
