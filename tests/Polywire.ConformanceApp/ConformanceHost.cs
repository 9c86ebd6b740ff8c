namespace Polywire.ConformanceApp;

/// <summary>The program that the conformance suites drive.</summary>
public static class ConformanceHost
{
    public static WebApplication Build(Settings settings, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (settings.LogFile.Length > 0)
        {
            builder.Logging.ClearProviders().AddProvider(new LogFile(settings.LogFile)).AddFilter("Polywire", LogLevel.Information);
        }

        // Whose log it is nobody asks here, so no request needs an activity and a scope for that.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.ShutdownWait + TimeSpan.FromSeconds(10));
        builder.Services.Configure<WebOptions>(options => SetWeb(options, settings));
        builder.Services.Configure<WebSocketServerOptions>(options => SetWebSocket(options, settings));

        var polywire = builder.AddPolywire(options =>
            {
                options.NodeId = settings.NodeId.Length > 0 ? settings.NodeId : null;
                options.ServerName = "conformance";
                options.SimultaneousActions = settings.SimultaneousActions;
                options.DisableParamScrubbing = settings.DisableParamScrubbing;
                options.MaxRoomsPerConnection = settings.WsMaxRooms;
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
            })
            .AddSockhopServer(sockhop =>
            {
                sockhop.Port = settings.SockhopPort;
                sockhop.BindIP = settings.Bind;
            });

        if (settings.RedisUrl.Length > 0)
        {
            AddCluster(polywire, settings);
        }

        BigFile.EnsureIn(Settings.OwnPublicDir);
        if (settings.Guard)
        {
            GuardedActions.AddServices(builder.Services);
        }

        var app = builder.Build();
        if (settings.Guard)
        {
            // Behind authentication, as an application would have it that counts by user.
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseRateLimiter();
            app.MapPolywire().RequireAuthorization();
        }
        else
        {
            app.MapPolywire();
        }

        GuardedActions.Map(app, settings.Guard);
        UntypedActions.Map(app);
        UploadActions.Map(app);
        foreach (var action in app.Services.GetServices<ActionDescriptor>().Where(action => action.Name != "extension"))
        {
            action.Metadata = [.. action.Metadata, new MatchExtensionMimeTypeAttribute(false)];
        }

        return app;
    }

    private static void AddCluster(IPolywireBuilder polywire, Settings settings) =>
        polywire.AddRedis(settings.RedisUrl, redis =>
        {
            redis.Prefix = settings.RedisPrefix;
            redis.Lease = settings.Lease;
            redis.Timeout = settings.RedisTimeout;
            redis.StartTimeout = settings.RedisStartTimeout;
            redis.CallTimeout = settings.CallTimeout;
            redis.Secret = settings.ClusterSecret.Length > 0 ? settings.ClusterSecret : null;
            if (settings.ActionHeroToken.Length > 0)
            {
                redis.JoinActionHero(settings.ActionHeroToken);
            }
        });

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

    private static void SetWebSocket(WebSocketServerOptions sockets, Settings settings)
    {
        sockets.Path = settings.WsPathname;
        sockets.PingInterval = settings.WsPingInterval;
        sockets.MaxMessageLength = settings.WsMaxMessage;
        sockets.MaxQueueLength = settings.WsMaxQueue;
        sockets.Compression = settings.WsCompress;
        sockets.DestroyClientsOnShutdown = settings.WsDestroyOnShutdown;
        foreach (var origin in settings.WsOrigins)
        {
            sockets.Origins.Add(origin);
        }

        if (settings.WsAuthorize.Length > 0)
        {
            sockets.Authorize = http => new ValueTask<WebSocketRefusal?>(
                http.Request.Query["token"] == settings.WsAuthorize ? null : new WebSocketRefusal { Message = "not authorized" });
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
