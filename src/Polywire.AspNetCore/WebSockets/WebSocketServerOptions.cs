using Microsoft.AspNetCore.Http;

namespace Polywire;

/// <summary>Settings of the WebSocket server; configuration section <c>Polywire:WebSocket</c>.</summary>
/// <remarks>It listens where the web server does.</remarks>
public sealed class WebSocketServerOptions
{
    /// <summary>Whether there is a WebSocket endpoint, and a client file; <see langword="true"/> by default.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The path of the endpoint, with all that lies below it; <c>/primus</c> by default. A slash in front is added where it is missing.</summary>
    public string Path { get; set; } = "/primus";

    /// <summary>The origins whose pages may connect, as <c>https://www.example.com</c>; none (default) or <c>*</c> lets all of them.</summary>
    /// <remarks>A request without <c>Origin</c>, which is none of a browser, always passes.</remarks>
    public IList<string> Origins { get; } = [];

    /// <summary>Decides before the upgrade whether a request may connect; <see langword="null"/> (default) lets everybody.</summary>
    /// <remarks>
    /// Null from the function lets the request in. It may be called concurrently and has 10 seconds. An <see cref="ActionException"/> refuses
    /// with its message and 401. What it sets as <see cref="HttpContext.User"/> is the user of the connection.
    /// </remarks>
    public Func<HttpContext, ValueTask<WebSocketRefusal?>>? Authorize { get; set; }

    /// <summary>How often connections are asked for a sign of life, 10 milliseconds to 24 hours; 30 seconds by default, zero for never.</summary>
    /// <remarks>One that gave none for two of them is closed. Client files of ActionHero expect no more than 45 seconds.</remarks>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest message in bytes, put together and decompressed; 10,485,760 (10 MiB) by default. A longer one closes with 1009.</summary>
    /// <remarks>Protects memory: a message that has not come whole is kept up to this.</remarks>
    public int MaxMessageLength { get; set; } = 10 * 1024 * 1024;

    /// <summary>Bytes that may wait for one connection; <see langword="null"/> (default) is <see cref="PolywireOptions.MaxQueueLength"/>.</summary>
    /// <remarks>Beyond it the connection leaves its rooms and is closed with 1008.</remarks>
    public int? MaxQueueLength { get; set; }

    /// <summary>Connections at once; 100,000 by default, 0 for any number. One more is answered 503.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Connections that one client address may have; 0 (default) for any number. One more is answered 429.</summary>
    /// <remarks>
    /// The address is that of the client behind trusted proxies (<see cref="WebOptions.TrustedProxies"/>); those of version 6 count by their first
    /// 64 bits. Protects the server from one machine that opens connections without end.
    /// </remarks>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>Compresses messages (permessage-deflate, without context takeover) where the client offers it; <see langword="false"/> by default.</summary>
    /// <remarks>Costs processor time and, while a message is in work, some 300 KB.</remarks>
    public bool Compression { get; set; }

    /// <summary>Keeps headers and query of the upgrade with the connection (<see cref="Connection.Handshake"/>); <see langword="false"/> by default.</summary>
    /// <remarks>
    /// Without it they are let go when <see cref="IConnectionMiddleware.OnConnectedAsync"/> has ended, and never taken where no such middleware is.
    /// Costs what the client sent, as a rule 1 to 4 KB a connection; at most the server's limits for a request, 16 KB of query and 32 KB of headers.
    /// </remarks>
    public bool KeepHandshake { get; set; }

    /// <summary>Tells clients not to come back when the host stops; <see langword="false"/> by default: they reconnect.</summary>
    public bool DestroyClientsOnShutdown { get; set; }

    /// <summary>The origin that served client files connect to; <see langword="null"/> (default) is that of the page.</summary>
    public string? ClientUrl { get; set; }

    /// <summary>The folder in which the client files are served, below <see cref="WebOptions.UrlPathForFiles"/>; <c>javascript/</c> by default.</summary>
    public string ClientJsPath { get; set; } = "javascript/";

    /// <summary>The name of the client files without their endings; <c>polywireClient</c> by default, <see langword="null"/> or empty for no client files.</summary>
    /// <remarks>They are in memory. A file of the same name in a public folder wins.</remarks>
    public string? ClientJsName { get; set; } = "polywireClient";

    /// <summary>Further names of the scripts; <see langword="null"/> (default) is those that pages of ActionHero load, <c>actionheroClient</c> and <c>ActionheroWebsocketClient</c>.</summary>
    /// <remarks>An empty list is none.</remarks>
    public IList<string>? ClientJsAliases { get; set; }

    /// <summary>What served client files have as their defaults.</summary>
    public WebSocketClientOptions Client { get; set; } = new();
}
