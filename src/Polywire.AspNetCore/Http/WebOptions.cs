namespace Polywire;

/// <summary>Settings of the web server; configuration section <c>Polywire:Web</c>.</summary>
/// <remarks>
/// What a client of ActionHero knows keeps its name. Addresses of the host (<c>--urls</c>, <c>Kestrel:Endpoints</c>, listening in code) win
/// over <see cref="Port"/>, <see cref="BindIP"/>, <see cref="UnixSocketPath"/>, <see cref="Secure"/> and <see cref="BootAttempts"/>.
/// </remarks>
public sealed class WebOptions
{
    internal const int DefaultPort = 8080;

    /// <summary>Whether actions and files are served on the web at all; <see langword="true"/> by default.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Speaks HTTPS on the server's own address; <see langword="null"/> (default) does so where a certificate is given.</summary>
    public bool? Secure { get; set; }

    /// <summary>The certificate of the server's own address; without one, no HTTPS.</summary>
    public CertificateOptions Certificate { get; set; } = new();

    /// <summary>The port, 0 to 65535; 8080 by default, 0 takes a free one.</summary>
    public int Port { get; set; } = DefaultPort;

    /// <summary>The address to listen on; <c>0.0.0.0</c> by default, every IPv4 address.</summary>
    public string BindIP { get; set; } = "0.0.0.0";

    /// <summary>Listens on a Unix socket instead of <see cref="BindIP"/> and <see cref="Port"/>; <see langword="null"/> by default. Its file gets mode 0777.</summary>
    public string? UnixSocketPath { get; set; }

    /// <summary>Whether the server's own address speaks HTTPS.</summary>
    internal bool IsHttps => Secure ?? !string.IsNullOrEmpty(Certificate.Path);

    /// <summary>How often the server tries to listen, a second apart, 1 to 10,000; 1 by default. From 2 on, a stale socket file is removed.</summary>
    public int BootAttempts { get; set; } = 1;

    /// <summary>The only hosts that are answered, as <c>PROTOCOL://HOST</c>; others are sent to the first. None (default) answers all.</summary>
    /// <remarks>Empty here, the configuration key <c>ALLOWED_HOSTS</c> counts, comma-separated.</remarks>
    public IList<string> AllowedRequestHosts { get; } = [];

    /// <summary>The networks whose <c>X-Forwarded-…</c> and <c>X-Real-IP</c> headers are believed, <c>10.0.0.0/8</c>; <see langword="null"/> (default) is loopback.</summary>
    /// <remarks>Peers on a Unix socket count as loopback. An empty list believes nobody.</remarks>
    public IList<string>? TrustedProxies { get; set; }

    /// <summary>Headers of every answer; those with CORS and transport security by default. An empty value leaves a header out.</summary>
    /// <remarks><c>X-Powered-By</c> is <see cref="PolywireOptions.ServerName"/> unless it stands here.</remarks>
    public IDictionary<string, string?> HttpHeaders { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["Access-Control-Allow-Origin"] = "*",
        ["Access-Control-Allow-Methods"] = "HEAD, GET, POST, PUT, PATCH, DELETE, OPTIONS, TRACE",
        ["Access-Control-Allow-Headers"] = "Content-Type",
        ["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains",
    };

    /// <summary>The first segments of the paths of actions; <c>api</c> by default. <see langword="null"/> or empty: actions only at the root.</summary>
    public string? UrlPathForActions { get; set; } = "api";

    /// <summary>The first segments of the paths of files; <c>public</c> by default. <see langword="null"/> or empty: no files under a prefix.</summary>
    public string? UrlPathForFiles { get; set; } = "public";

    /// <summary>What paths without a prefix are: <c>file</c> (default) or <c>api</c>.</summary>
    public string RootEndpointType { get; set; } = "file";

    /// <summary>Whether the name of every action is a route, for every method of HTTP; <see langword="true"/> by default.</summary>
    public bool SimpleRouting { get; set; } = true;

    /// <summary>
    /// The methods with which the name of an action is a route, as ActionHero 29 has it: <c>none</c>, <c>all</c>, or some with commas
    /// (<c>get,post</c>). <see langword="null"/> (default) leaves it to <see cref="SimpleRouting"/>.
    /// </summary>
    /// <remarks>Where it is set, it counts instead of <see cref="SimpleRouting"/>, and the param <c>action</c> chooses nothing.</remarks>
    public string? AutomaticRoutes { get; set; }

    /// <summary>Whether the param <c>action</c> may choose the action; <see langword="true"/> by default.</summary>
    public bool QueryRouting { get; set; } = true;

    /// <summary>Whether a matching route wins over the param <c>action</c>; <see langword="true"/> by default.</summary>
    public bool RouteOverQuery { get; set; } = true;

    /// <summary>How long the pattern of one route may take, 1 ms to 10 s; 100 ms by default. Beyond it the route does not match.</summary>
    /// <remarks>Protects the server from a pattern that a client's text makes run for ever.</remarks>
    public TimeSpan RouteTimeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long clients may keep a file, sent as <c>Cache-Control</c>; 60 seconds by default, whole seconds count.</summary>
    public TimeSpan FlatFileCacheDuration { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether files carry an <c>ETag</c> (default) instead of <c>Last-Modified</c>.</summary>
    public bool EnableEtag { get; set; } = true;

    /// <summary>
    /// Serves files and folders whose name begins with a dot over HTTP, also where <see cref="PolywireOptions.ServeDotFiles"/> is off;
    /// <see langword="false"/> by default. <c>.well-known</c> is always served.
    /// </summary>
    public bool ServeDotFiles { get; set; }

    /// <summary>Keeps the bytes of the body for the action, in memory, as <see cref="IActionHttp.RawBody"/>; <see langword="false"/> by default.</summary>
    public bool SaveRawBody { get; set; }

    /// <summary>The session cookie.</summary>
    public WebFingerprintOptions FingerprintOptions { get; set; } = new();

    /// <summary>Forms and uploads.</summary>
    public WebFormOptions FormOptions { get; set; } = new();

    /// <summary>How the query is read.</summary>
    public WebQueryParseOptions QueryParseOptions { get; set; } = new();

    /// <summary>
    /// HTTP connections that one address may have to the server's own address (<see cref="BindIP"/>, <see cref="Port"/>), TLS handshakes included;
    /// 0 (default) for any number. One more is closed.
    /// </summary>
    /// <remarks>
    /// <see cref="TrustedProxies"/>, loopback by default, are not counted: all their clients have one address. Addresses of version 6 count by their
    /// first 64 bits. All connections together are bounded by <c>Kestrel:Limits:MaxConcurrentConnections</c>.
    /// </remarks>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>The largest body of text and JSON, in bytes; 20,971,520 (20 MiB) by default. A larger one is answered 413 and no action runs.</summary>
    public int MaxBodySize { get; set; } = 20 * 1024 * 1024;

    /// <summary>Whether JSON that is sent as a form is read as JSON; <see langword="true"/> by default.</summary>
    public bool SniffJsonForms { get; set; } = true;

    /// <summary>Blanks that indent the JSON of answers, 0 for compact; <see langword="null"/> (default) is 2 in Development and 0 elsewhere.</summary>
    public int? Padding { get; set; }

    /// <summary>What answers tell beside the action's own keys.</summary>
    public WebMetadataOptions MetadataOptions { get; set; } = new();

    /// <summary>Whether errors change the HTTP status; <see langword="true"/> by default.</summary>
    public bool ReturnErrorCodes { get; set; } = true;

    /// <summary>The status of refusals that have none of their own, 400 to 599; 400 by default.</summary>
    public int DefaultErrorStatusCode { get; set; } = 400;

    /// <summary>The status of faults, 500 to 599: an exception that is no <see cref="ActionException"/>, an answer that cannot be written; 500 by default.</summary>
    public int FaultStatusCode { get; set; } = 500;

    /// <summary>Whether the number <c>code</c> of an error's value, 200 to 599, is the status; <see langword="false"/> by default.</summary>
    public bool UseErrorCodeAsStatus { get; set; }

    /// <summary>Whether the param <c>callback</c> turns JSON into a script; <see langword="true"/> by default.</summary>
    public bool Jsonp { get; set; } = true;

    /// <summary>Compresses answers as the client accepts it, gzip or deflate; <see langword="false"/> by default.</summary>
    public bool Compress { get; set; }

    /// <summary>Offers Brotli too where <see cref="Compress"/> is on; <see langword="false"/> by default.</summary>
    public bool Brotli { get; set; }

    /// <summary>The path of the OpenAPI document, <c>/openapi.json</c>; <see langword="null"/> (default) for none.</summary>
    public string? OpenApiPath { get; set; }

    /// <summary>Answers in the older forms: <c>requestorInformation</c>, and the action <c>file</c>; <see langword="false"/> by default.</summary>
    public bool Legacy { get; set; }
}
