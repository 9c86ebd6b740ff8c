namespace Polywire;

/// <summary>Settings of the web server; configuration section <c>Polywire:Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>The first segments of the paths of actions; <c>api</c> by default.</summary>
    public string UrlPathForActions { get; set; } = "api";

    /// <summary>Blanks that indent the JSON of answers, 0 for compact; <see langword="null"/> (default) is 2 in Development and 0 elsewhere.</summary>
    public int? Padding { get; set; }

    /// <summary>Whether errors change the HTTP status; <see langword="true"/> by default.</summary>
    public bool ReturnErrorCodes { get; set; } = true;

    /// <summary>The status of errors that have none of their own; 400 by default.</summary>
    public int DefaultErrorStatusCode { get; set; } = 400;

    /// <summary>The largest JSON body, in bytes; 20,971,520 (20 MiB) by default. A larger one is answered 413 and no action runs.</summary>
    public int MaxBodySize { get; set; } = 20 * 1024 * 1024;

    /// <summary>How long clients may keep a file, sent as <c>Cache-Control</c>; 60 seconds by default, whole seconds count.</summary>
    public TimeSpan FlatFileCacheDuration { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether files carry an <c>ETag</c> (default) instead of <c>Last-Modified</c>.</summary>
    public bool EnableEtag { get; set; } = true;

    /// <summary>Serves files and folders whose name begins with a dot; <see langword="false"/> by default. <c>.well-known</c> is always served.</summary>
    public bool ServeDotFiles { get; set; }

    /// <summary>Compresses answers as the client accepts it, gzip or deflate; <see langword="false"/> by default.</summary>
    public bool Compress { get; set; }

    /// <summary>Offers Brotli too where <see cref="Compress"/> is on; <see langword="false"/> by default.</summary>
    public bool Brotli { get; set; }
}
