namespace Polywire;

/// <summary>What a served client file has as its defaults; configuration section <c>Polywire:WebSocket:Client</c>.</summary>
/// <remarks>A page may say otherwise when it makes its client. <see langword="null"/> leaves the client's own default.</remarks>
public sealed class WebSocketClientOptions
{
    /// <summary>The path of actions over HTTP; <see langword="null"/> (default) is <see cref="WebOptions.UrlPathForActions"/>.</summary>
    public string? ApiPath { get; set; }

    /// <summary>The cookie that names the session; <see langword="null"/> (default) is that of <see cref="WebOptions.FingerprintOptions"/>, empty for none.</summary>
    public string? CookieKey { get; set; }

    /// <summary>How long one attempt to connect may take, up to 24 hours; 10 seconds where it is <see langword="null"/>, zero for no limit.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long an answer may take, up to 24 hours; <see langword="null"/> (default) and zero are no limit.</summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Whether rooms are joined again after a reconnect; they are where it is <see langword="null"/> (default).</summary>
    public bool? Rejoin { get; set; }

    /// <summary>Whether actions go over HTTP while not connected; they do where it is <see langword="null"/> (default).</summary>
    public bool? Fallback { get; set; }

    /// <summary>Requests that a client keeps while it is not connected; 1,000 where it is <see langword="null"/> (default).</summary>
    public int? QueueSize { get; set; }

    /// <summary>When a client tries again.</summary>
    public WebSocketClientReconnectOptions Reconnect { get; set; } = new();
}
