using System.Buffers.Text;
using System.Text;

namespace Polywire.Load.Wire;

/// <summary>A message with a number in it, ready to be written without allocating.</summary>
internal sealed class RequestTemplate(string before, string after, Dialect dialect)
{
    private const int LongestNumber = 20;

    private readonly byte[] _before = Encoding.UTF8.GetBytes(before);
    private readonly byte[] _after = Encoding.UTF8.GetBytes(dialect.IsFramed ? after : after + "\n");

    public int MaxBytes => ClientFrame.MaxHeadBytes + _before.Length + LongestNumber + _after.Length;

    public int Write(Span<byte> to, long id)
    {
        Span<byte> number = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(id, number, out var digits);
        var length = _before.Length + digits + _after.Length;
        var head = dialect.IsFramed ? ClientFrame.WriteHead(to, length) : 0;
        _before.CopyTo(to[head..]);
        number[..digits].CopyTo(to[(head + _before.Length)..]);
        _after.CopyTo(to[(head + _before.Length + digits)..]);
        return head + length;
    }
}
