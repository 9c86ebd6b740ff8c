using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Polywire.AspNetCore.WebSockets.Frames;

namespace Polywire.AspNetCore.Compatibility.Primus;

/// <summary>The control strings of Primus: text messages that are JSON strings.</summary>
/// <remarks>Source: docs/protocol/websocket.md, "Primus".</remarks>
internal static class PrimusStrings
{
    private const int IdCharacters = 21;

    /// <summary>The frame that says that the close behind it is final.</summary>
    public static byte[] ServerClose { get; } = FrameWriter.Frame(FrameWriter.Text, "\"primus::server::close\""u8);

    /// <summary>The frame of a heartbeat.</summary>
    public static byte[] Ping(DateTimeOffset now) =>
        FrameWriter.Frame(FrameWriter.Text, Encoding.UTF8.GetBytes($"\"primus::ping::{now.ToUnixTimeMilliseconds()}\""));

    /// <summary>The frame that tells a connection its Primus id, which always comes out the same.</summary>
    public static byte[] Id(string connectionId)
    {
        var text = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(connectionId)));
        return FrameWriter.Frame(FrameWriter.Text, Encoding.UTF8.GetBytes($"\"primus::id::{text.AsSpan(0, IdCharacters)}\""));
    }
}
