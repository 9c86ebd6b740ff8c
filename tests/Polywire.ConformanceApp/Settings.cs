using System.Globalization;

namespace Polywire.ConformanceApp;

/// <summary>The environment variables that the suites set.</summary>
public sealed record Settings
{
    public int Port { get; init; }

    public int TcpPort { get; init; }

    public int SockhopPort { get; init; }

    public required string Bind { get; init; }

    public bool Secure { get; init; }

    public bool TcpSecure { get; init; }

    public string? TlsCert { get; init; }

    public string? TlsKey { get; init; }

    public required string RootEndpoint { get; init; }

    public required string UrlPathForActions { get; init; }

    public required string UrlPathForFiles { get; init; }

    public bool QueryRouting { get; init; }

    public int MaxDataLength { get; init; }

    public required string Delimiter { get; init; }

    public int SimultaneousActions { get; init; }

    public bool ReturnErrorCodes { get; init; }

    public bool Compress { get; init; }

    public bool Etag { get; init; }

    public int Padding { get; init; }

    public bool SaveRawBody { get; init; }

    public bool Metadata { get; init; }

    public bool Legacy { get; init; }

    public required string[] TrustedProxies { get; init; }

    public required string[] AllowedHosts { get; init; }

    public required string WsPathname { get; init; }

    public TimeSpan WsPingInterval { get; init; }

    public int WsMaxMessage { get; init; }

    public int WsMaxQueue { get; init; }

    public int WsMaxRooms { get; init; }

    public bool WsCompress { get; init; }

    public required string[] WsOrigins { get; init; }

    public required string WsAuthorize { get; init; }

    public bool WsDestroyOnShutdown { get; init; }

    public bool DisableParamScrubbing { get; init; }

    public required string PublicDir { get; init; }

    /// <summary>Whether actions are for those who have logged in.</summary>
    public bool Guard { get; init; }

    public TimeSpan ShutdownWait { get; init; }

    /// <summary>The Redis that nodes share; empty for stores in the process.</summary>
    public required string RedisUrl { get; init; }

    public required string NodeId { get; init; }

    public required string RedisPrefix { get; init; }

    public required string ClusterSecret { get; init; }

    /// <summary>ActionHero's token, where its channel is spoken too; else empty.</summary>
    public required string ActionHeroToken { get; init; }

    public TimeSpan Lease { get; init; }

    public TimeSpan RedisTimeout { get; init; }

    public TimeSpan RedisStartTimeout { get; init; }

    public TimeSpan CallTimeout { get; init; }

    /// <summary>The file that gets a line for each action; empty for no such lines.</summary>
    public required string LogFile { get; init; }

    public static string OwnPublicDir { get; } = Path.Combine(AppContext.BaseDirectory, "public");

    public static Settings Read(Func<string, string?> variable)
    {
        return new Settings
        {
            Port = Number("PORT", 8080),
            TcpPort = Number("TCP_PORT", 5000),
            SockhopPort = Number("SOCKHOP_PORT", 50000),
            Bind = Text("BIND", "127.0.0.1"),
            Secure = Flag("SECURE", false),
            TcpSecure = Flag("TCP_SECURE", false),
            TlsCert = variable("TLS_CERT"),
            TlsKey = variable("TLS_KEY"),
            RootEndpoint = Text("ROOT_ENDPOINT", "file"),
            UrlPathForActions = variable("URL_PATH_FOR_ACTIONS") ?? "api",
            UrlPathForFiles = variable("URL_PATH_FOR_FILES") ?? "public",
            QueryRouting = Flag("QUERY_ROUTING", true),
            MaxDataLength = Number("MAX_DATA_LENGTH", 0),
            Delimiter = Unescape(Text("DELIMITER", "\\n")),
            SimultaneousActions = Number("SIMULTANEOUS_ACTIONS", 5),
            ReturnErrorCodes = Flag("RETURN_ERROR_CODES", true),
            Compress = Flag("COMPRESS", false),
            Etag = Flag("ETAG", true),
            Padding = Number("PADDING", 2),
            SaveRawBody = Flag("SAVE_RAW_BODY", false),
            Metadata = Flag("METADATA", true),
            Legacy = Flag("LEGACY", false),
            TrustedProxies = List(variable("TRUSTED_PROXIES") ?? "127.0.0.0/8,::1/128"),
            AllowedHosts = List(Text("ALLOWED_HOSTS", "")),
            WsPathname = Text("WS_PATHNAME", "/primus"),
            WsPingInterval = TimeSpan.FromMilliseconds(Number("WS_PING_INTERVAL", 30_000)),
            WsMaxMessage = Number("WS_MAX_MESSAGE", 10_485_760),
            WsMaxQueue = Number("WS_MAX_QUEUE", 33_554_432),
            WsMaxRooms = Number("WS_MAX_ROOMS", 100),
            WsCompress = Flag("WS_COMPRESS", false),
            WsOrigins = List(Text("WS_ORIGINS", "*")),
            WsAuthorize = Text("WS_AUTHORIZE", ""),
            WsDestroyOnShutdown = Flag("WS_DESTROY_ON_SHUTDOWN", false),
            DisableParamScrubbing = Flag("DISABLE_PARAM_SCRUBBING", false),
            PublicDir = Text("PUBLIC_DIR", OwnPublicDir),
            Guard = Flag("GUARD", false),
            LogFile = Text("LOG_FILE", ""),
            RedisUrl = Text("REDIS_URL", ""),
            NodeId = Text("NODE_ID", ""),
            RedisPrefix = Text("REDIS_PREFIX", "actionhero:"),
            ClusterSecret = Text("CLUSTER_SECRET", ""),
            ActionHeroToken = Flag("JOIN_ACTIONHERO", false) ? Text("SERVER_TOKEN", "change-me") : "",
            Lease = TimeSpan.FromMilliseconds(Number("LEASE_MS", 10_000)),
            RedisTimeout = TimeSpan.FromMilliseconds(Number("REDIS_TIMEOUT_MS", 2000)),
            RedisStartTimeout = TimeSpan.FromMilliseconds(Number("REDIS_START_TIMEOUT_MS", 10_000)),
            CallTimeout = TimeSpan.FromMilliseconds(Number("RPC_TIMEOUT_MS", 5000)),
            ShutdownWait = TimeSpan.FromMilliseconds(Number("SHUTDOWN_WAIT_MS", 5000)),
        };

        string Text(string name, string otherwise) => variable(name) is { Length: > 0 } value ? value : otherwise;

        int Number(string name, int otherwise) =>
            variable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

        string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        bool Flag(string name, bool otherwise) => variable(name) is { Length: > 0 } value ? value == "1" : otherwise;
    }

    // \n, \r, \t, \0 and \\ stand for the characters; everything else is itself.
    private static string Unescape(string text)
    {
        var result = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            result.Append(text[i] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", '0' => "\0", '\\' => "\\", var other => $"\\{other}" });
        }

        return result.ToString();
    }
}
