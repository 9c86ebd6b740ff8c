using Polywire.ConformanceApp;

var settings = Settings.Read(Environment.GetEnvironmentVariable);
var app = ConformanceHost.Build(settings, args);
app.Run();
