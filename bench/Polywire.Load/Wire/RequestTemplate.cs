using System.Buffers.Text;
using System.Text;

namespace Polywire.Load.Wire;

/// <summary>A line with a number in it, ready to be written without allocating.</summary>
internal sealed class RequestTemplate(string before, string after)
{
    private const int LongestNumber = 20;

    private readonly byte[] _before = Encoding.UTF8.GetBytes(before);
    private readonly byte[] _after = Encoding.UTF8.GetBytes(after + "\n");

    public int MaxBytes => _before.Length + LongestNumber + _after.Length;

    /// <summary>A request for an action, in JSON.</summary>
    /// <param name="action">Name of the action.</param>
    /// <param name="moreParams">Further members of <c>params</c> as JSON text, such as <c>"key":"value"</c>, or empty.</param>
    /// <param name="payloadBytes">Length of a param <c>payload</c> to add; 0 for none.</param>
    public static RequestTemplate Action(string action, string moreParams, int payloadBytes)
    {
        var more = moreParams.Length > 0 ? "," + moreParams : "";
        var payload = payloadBytes > 0 ? ",\"payload\":\"" + new string('x', payloadBytes) + "\"" : "";
        return new RequestTemplate($"{{\"action\":\"{action}\",\"params\":{{\"messageId\":", $"{more}{payload}}}}}");
    }

    /// <summary>A word to a room that begins with the number.</summary>
    public static RequestTemplate Say(string room, int payloadBytes) =>
        new($"say {room} n", payloadBytes > 0 ? " " + new string('x', payloadBytes) : "");

    public int Write(Span<byte> to, long id)
    {
        _before.CopyTo(to);
        Utf8Formatter.TryFormat(id, to[_before.Length..], out var digits);
        _after.CopyTo(to[(_before.Length + digits)..]);
        return _before.Length + digits + _after.Length;
    }
}
