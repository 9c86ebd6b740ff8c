using System.Text;

namespace Polywire.Load.Wire;

/// <summary>The same requests in two ways: lines over a socket, and text frames over a WebSocket.</summary>
internal sealed class Dialect
{
    private Dialect(bool isFramed) => IsFramed = isFramed;

    public static Dialect Lines { get; } = new(isFramed: false);

    public static Dialect Frames { get; } = new(isFramed: true);

    public bool IsFramed { get; }

    /// <summary>A request for an action.</summary>
    /// <param name="action">Name of the action.</param>
    /// <param name="moreParams">Further members of <c>params</c> as JSON text, such as <c>"key":"value"</c>, or empty.</param>
    /// <param name="payloadBytes">Length of a param <c>payload</c> to add; 0 for none.</param>
    public RequestTemplate Action(string action, string moreParams, int payloadBytes)
    {
        var more = moreParams.Length > 0 ? "," + moreParams : "";
        var payload = payloadBytes > 0 ? ",\"payload\":\"" + new string('x', payloadBytes) + "\"" : "";
        return IsFramed
            ? new RequestTemplate($"{{\"event\":\"action\",\"params\":{{\"action\":\"{action}\"{more}{payload}}},\"messageId\":", "}", this)
            : new RequestTemplate($"{{\"action\":\"{action}\",\"params\":{{\"messageId\":", $"{more}{payload}}}}}", this);
    }

    /// <summary>A word to a room that begins with the number.</summary>
    public RequestTemplate Say(string room, int payloadBytes)
    {
        var more = payloadBytes > 0 ? " " + new string('x', payloadBytes) : "";
        return IsFramed
            ? new RequestTemplate($"{{\"event\":\"say\",\"room\":\"{room}\",\"message\":\"n", $"{more}\"}}", this)
            : new RequestTemplate($"say {room} n", more, this);
    }

    /// <summary>A verb, with the name of a room where it takes one.</summary>
    public byte[] Verb(string verb, string? room = null)
    {
        if (!IsFramed)
        {
            return Encoding.UTF8.GetBytes(room is null ? $"{verb}\n" : $"{verb} {room}\n");
        }

        var more = room is null ? "" : $",\"room\":\"{room}\"";
        return ClientFrame.Text(Encoding.UTF8.GetBytes($"{{\"event\":\"{verb}\"{more}}}"));
    }
}
