using Microsoft.AspNetCore.Http;

namespace Polywire;

/// <summary>Settings of the live view for developers; configuration section <c>Polywire:LiveView</c>.</summary>
/// <remarks>There is none unless <c>AddLiveView</c> is called.</remarks>
public sealed class LiveViewOptions
{
    /// <summary>Whether the page is served; <see langword="true"/> by default.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The path of the page, with what lies below it; <c>/polywire/live</c> by default.</summary>
    public string Path { get; set; } = "/polywire/live";

    /// <summary>How often the page is told, 100 milliseconds to 1 minute; 1 second by default. Nothing is measured while nobody looks.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The rows of each table, 1 to 1,000; 100 by default. What is beyond is counted and not shown.</summary>
    public int MaxRows { get; set; } = 100;

    /// <summary>Decides who may look; <see langword="null"/> (default) is browsers on the machine itself, in Development.</summary>
    /// <remarks>The page shows addresses and ids of connections. It may be called concurrently; others are answered 404.</remarks>
    public Func<HttpContext, ValueTask<bool>>? Authorize { get; set; }
}
