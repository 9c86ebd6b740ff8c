namespace Polywire;

/// <summary>Why a request may not connect.</summary>
public sealed record WebSocketRefusal
{
    /// <summary>Sent to the client as <c>{"error": message}</c>.</summary>
    public required string Message { get; init; }

    /// <summary>The HTTP status, 400 to 599; 401 by default.</summary>
    public int StatusCode { get; init; } = 401;
}
