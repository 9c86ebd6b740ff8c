namespace Polywire.ConformanceApp;

/// <summary>The program that the conformance suites drive.</summary>
internal static class ConformanceHost
{
    public static WebApplication Build(Settings settings, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.ShutdownWait + TimeSpan.FromSeconds(10));
        builder.Services.Configure<WebOptions>(options => SetWeb(options, settings));

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
            .AddRoutes(routes => SetRoutes(routes, settings))
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
        UploadActions.Map(app);
        foreach (var action in app.Services.GetServices<ActionDescriptor>().Where(action => action.Name != "extension"))
        {
            action.Metadata = [.. action.Metadata, new MatchExtensionMimeTypeAttribute(false)];
        }

        return app;
    }

    private static void SetWeb(WebOptions web, Settings settings)
    {
        web.Port = settings.Port;
        web.BindIP = settings.Bind;
        web.Secure = settings.Secure;
        web.Certificate.Path = settings.TlsCert;
        web.Certificate.KeyPath = settings.TlsKey;
        web.RootEndpointType = settings.RootEndpoint;
        web.UrlPathForActions = settings.UrlPathForActions;
        web.UrlPathForFiles = settings.UrlPathForFiles;
        web.QueryRouting = settings.QueryRouting;
        web.ReturnErrorCodes = settings.ReturnErrorCodes;
        web.Compress = settings.Compress;
        web.EnableEtag = settings.Etag;
        web.Padding = settings.Padding;
        web.SaveRawBody = settings.SaveRawBody;
        web.MetadataOptions.ServerInformation = settings.Metadata;
        web.MetadataOptions.RequesterInformation = settings.Metadata;
        web.Legacy = settings.Legacy;
        web.TrustedProxies = settings.TrustedProxies;
        foreach (var host in settings.AllowedHosts)
        {
            web.AllowedRequestHosts.Add(host);
        }
    }

    private static void SetRoutes(WebRoutes routes, Settings settings) =>
        routes
            .Get("/users", "echo")
            .Get("/search/:term/limit/:limit/offset/:offset", "echo")
            .Post("/login/:userID(^\\d{3}$)", "echo")
            .All("/user/:userID", "echo")
            .Get("/old", "versioned", apiVersion: "1")
            .Get("/new", "versioned", apiVersion: "2")
            .Get("/ext/:id", "extension")
            .Get("/deep/:userID/:path(.*)", "echo", matchTrailingPathParts: true)
            .All("/:apiVersion/cached/:key/:value", "echo")
            .Folder(RouteMethods.Get, "/files", Path.Combine(settings.PublicDir, "sub"));
}
