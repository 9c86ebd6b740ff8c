using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Polywire.ConformanceApp;

/// <summary>The program that the conformance suites drive.</summary>
internal static class ConformanceHost
{
    public static WebApplication Build(Settings settings, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(settings.Bind), settings.Port, listen =>
        {
            if (settings.Secure)
            {
                listen.UseHttps(X509Certificate2.CreateFromPemFile(settings.TlsCert!, settings.TlsKey!));
            }
        }));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.ShutdownWait + TimeSpan.FromSeconds(10));
        builder.Services.Configure<WebOptions>(options =>
        {
            options.UrlPathForActions = settings.UrlPathForActions;
            options.ReturnErrorCodes = settings.ReturnErrorCodes;
            options.Padding = settings.Padding;
        });

        builder.AddPolywire(options =>
            {
                options.ServerName = "conformance";
                options.SimultaneousActions = settings.SimultaneousActions;
                options.DisableParamScrubbing = settings.DisableParamScrubbing;
                options.PendingShutdownWaitLimit = settings.ShutdownWait;
                options.PublicDirectories.Add(settings.PublicDir);
            })
            .AddBuiltInActions()
            .AddActions()
            .AddRooms("defaultRoom", "anotherRoom", "secretRoom", "announceRoom", "shoutRoom")
            .UseRoomMiddleware<ConformanceRooms>()
            .AddSocketServer(socket =>
            {
                socket.Port = settings.TcpPort;
                socket.BindIP = settings.Bind;
                socket.Delimiter = settings.Delimiter;
                socket.MaxDataLength = settings.MaxDataLength;
                if (settings.TcpSecure)
                {
                    socket.Secure = true;
                    socket.Certificate.Path = settings.TlsCert;
                    socket.Certificate.KeyPath = settings.TlsKey;
                }
            });

        var app = builder.Build();
        app.MapPolywire();
        UntypedActions.Map(app);
        return app;
    }
}
