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
}
