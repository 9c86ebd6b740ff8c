namespace Polywire;

/// <summary>Why a request may not connect.</summary>
/// <param name="Message">Sent to the client as <c>{"error": message}</c>.</param>
/// <param name="StatusCode">The HTTP status, 400 to 599; 401 by default.</param>
public sealed record WebSocketRefusal(string Message, int StatusCode = 401);
