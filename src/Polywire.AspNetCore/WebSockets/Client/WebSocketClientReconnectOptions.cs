namespace Polywire;

/// <summary>When a client tries to connect again: after <c>Min * Factor^(n-1)</c>, times a random 1 to 2, at most <c>Max</c>.</summary>
public sealed class WebSocketClientReconnectOptions
{
    /// <summary>Whether it tries again at all; <see langword="true"/> by default.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The first wait, 1 ms to 24 hours; 500 ms by default.</summary>
    public TimeSpan Min { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait, up to 24 hours; 30 seconds by default.</summary>
    public TimeSpan Max { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What each wait grows by, 1 to 100; 2 by default.</summary>
    public double Factor { get; set; } = 2;

    /// <summary>Retries in a row before it gives up; 10 by default.</summary>
    public int Retries { get; set; } = 10;
}
