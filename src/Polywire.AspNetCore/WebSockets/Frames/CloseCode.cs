namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>The codes of close frames (RFC 6455, 7.4; docs/protocol/websocket.md, "Closing").</summary>
internal static class CloseCode
{
    public const ushort Normal = 1000;
    public const ushort GoingAway = 1001;
    public const ushort ProtocolError = 1002;

    /// <summary>A close frame without a code; never sent as one.</summary>
    public const ushort None = 1005;

    public const ushort InvalidData = 1007;
    public const ushort Policy = 1008;
    public const ushort TooBig = 1009;
    public const ushort InternalError = 1011;
    public const ushort TryAgainLater = 1013;
    public const ushort Destroyed = 4000;
    public const ushort HeartbeatTimeout = 4408;

    /// <summary>Whether a peer may send a code.</summary>
    public static bool IsValid(int code) => code is (>= 1000 and <= 1014 and not (1004 or 1005 or 1006)) or (>= 3000 and <= 4999);
}
