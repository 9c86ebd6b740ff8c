namespace Polywire.Sockhop.Protocol;

/// <summary>Type names that mean something to the protocol.</summary>
internal static class WireNames
{
    public const string Handshake = "SockhopHandshake";
    public const string Transition = "SockhopBinaryModeTransition";
    public const string Ping = "SockhopPing";
    public const string Pong = "SockhopPong";
    public const string Buffer = "Buffer";

    /// <summary>What frames call the kinds of control messages.</summary>
    public static ControlType Control(ReadOnlySpan<byte> type)
    {
        if (!type.StartsWith("Sockhop"u8))
        {
            return ControlType.None;
        }

        var rest = type["Sockhop".Length..];
        return rest.SequenceEqual("Ping"u8) ? ControlType.Ping
            : rest.SequenceEqual("Pong"u8) ? ControlType.Pong
            : rest.SequenceEqual("Handshake"u8) ? ControlType.Handshake
            : rest.SequenceEqual("BinaryModeTransition"u8) ? ControlType.Transition
            : ControlType.None;
    }

    public static bool IsReserved(string type) => type is Handshake or Transition or Ping or Pong;
}
