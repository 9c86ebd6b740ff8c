using System.Buffers;
using System.Text;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.WebSockets.Frames;

/// <summary>Hands bytes to a reader as a pipe does and tells what it found; and says the same in the plainest way.</summary>
internal static class FrameFeeder
{
    public const int Limit = 300;

    /// <summary>What the reader finds, one entry each; the bytes are told as Latin-1.</summary>
    public static List<string> Feed(Split split, int limit = Limit, bool isCompressing = false)
    {
        var reader = new FrameReader(limit, isCompressing);
        var found = new List<string>();
        ReadOnlyMemory<byte> left = default;
        foreach (var piece in split.Pieces)
        {
            var chain = new SegmentChain();
            chain.Append(left);
            chain.Append(piece);
            var buffer = chain.ToSequence();
            if (!Read(ref reader, ref buffer, found))
            {
                break;
            }

            left = buffer.ToArray();
        }

        reader.Release();
        return found;
    }

    /// <summary>What whole input is to give, with no thought for packets or memory.</summary>
    public static List<string> Expected(byte[] input, int limit = Limit)
    {
        var found = new List<string>();
        List<byte>? message = null;
        for (var at = 0; at + 2 <= input.Length;)
        {
            var (first, second) = (input[at], input[at + 1]);
            var opcode = first & 0xF;
            var isFinal = (first & 0x80) != 0;
            var length = second & 0x7F;
            if ((first & 0x70) != 0 || second < 0x80 || opcode is not (0 or 1 or 2 or 8 or 9 or 10) || (opcode >= 8 && (!isFinal || length > 125)))
            {
                // The bit of compression is told with the whole head, all else with its first two bytes.
                var early = (first & 0x30) != 0 || second < 0x80 || opcode is not (0 or 1 or 2 or 8 or 9 or 10) || opcode >= 8;
                if (early || at + HeadOf(length) <= input.Length)
                {
                    found.Add("violation");
                }

                return found;
            }

            var start = at + HeadOf(length);
            if (start > input.Length)
            {
                return found;
            }

            var size = length switch
            {
                126 => ((ulong)input[at + 2] << 8) | input[at + 3],
                127 => input[(at + 2)..(at + 10)].Aggregate(0UL, (sum, value) => (sum << 8) | value),
                _ => (ulong)length,
            };
            if (size > long.MaxValue || (opcode < 8 && (opcode == 0) != (message is not null)))
            {
                return [.. found, "violation"];
            }

            if (opcode < 8 && size > (ulong)(limit - (message?.Count ?? 0)))
            {
                return [.. found, "too big"];
            }

            if ((ulong)(input.Length - start) < size)
            {
                return found;
            }

            var mask = input[(start - 4)..start];
            var payload = input[start..(start + (int)size)].Select((value, i) => (byte)(value ^ mask[i & 3])).ToArray();
            at = start + (int)size;
            if (opcode >= 8)
            {
                found.Add($"{opcode switch { 8 => "close", 9 => "ping", _ => "pong" }} {Encoding.Latin1.GetString(payload)}");
                continue;
            }

            message = [.. message ?? [], .. payload];
            if (isFinal)
            {
                byte[] whole = [.. message];
                message = null;
                if (!System.Text.Unicode.Utf8.IsValid(whole))
                {
                    return [.. found, "invalid"];
                }

                found.Add("message " + Encoding.Latin1.GetString(whole));
            }
        }

        return found;
    }

    private static int HeadOf(int length) => 6 + length switch { 126 => 2, 127 => 8, _ => 0 };

    private static bool Read(ref FrameReader reader, ref ReadOnlySequence<byte> buffer, List<string> found)
    {
        var control = new byte[FrameHeader.MaxControlBytes];
        while (true)
        {
            var result = reader.TryRead(ref buffer, control, out var length, out var message);
            switch (result)
            {
                case FrameResult.NeedMore:
                    return true;
                case FrameResult.Message:
                    found.Add("message " + Encoding.Latin1.GetString(message!.Slice(0, message.Size)));
                    message.Release();
                    break;
                case FrameResult.Ping or FrameResult.Pong or FrameResult.Close:
                    found.Add($"{result.ToString().ToLowerInvariant()} {Encoding.Latin1.GetString(control, 0, length)}");
                    break;
                default:
                    found.Add(result switch { FrameResult.TooBig => "too big", FrameResult.InvalidData => "invalid", _ => "violation" });
                    return false;
            }
        }
    }
}
