using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Polywire.Redis.Bus;

/// <summary>A message between nodes: one line of header, LF, body (cluster.md NO-46). A view of the bytes it was read from.</summary>
internal readonly ref struct BusMessage
{
    /// <summary>The most bytes of a header that is read: the longest of ours has about 330, the rest is for fields that later versions may add.</summary>
    public const int MaxHeaderBytes = 4096;

    private const int MaxQuestionBytes = 64;
    private const int EpochBytes = 12;

    // The largest number has 19 digits; with 18 none overflows.
    private const int MaxDigits = 18;

    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-"u8);
    private static readonly SearchValues<byte> HexBytes = SearchValues.Create("0123456789abcdef"u8);
    private static readonly SearchValues<byte> QuestionBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    public BusType Type { get; private init; }

    /// <summary>The id of the node that published it.</summary>
    public ReadOnlySpan<byte> Id { get; private init; }

    /// <summary>Its epoch.</summary>
    public ReadOnlySpan<byte> Epoch { get; private init; }

    /// <summary>Counts from 1 for each incarnation and channel.</summary>
    public long Sequence { get; private init; }

    /// <summary>Names a question; empty where the field is missing.</summary>
    public ReadOnlySpan<byte> Question { get; private init; }

    /// <summary>For how many milliseconds whoever asks waits; 0 where the field is missing.</summary>
    public long WithinMilliseconds { get; private init; }

    /// <summary>The header without its signature: what is signed, with the body.</summary>
    public ReadOnlySpan<byte> Head { get; private init; }

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> Signature { get; private init; }

    /// <summary>Where the body begins; it goes on to the end.</summary>
    public int BodyStart { get; private init; }

    /// <summary>Reads one.</summary>
    /// <param name="bytes">The whole of it.</param>
    /// <param name="message">What was read; nothing unless the answer is <see cref="BusFault.None"/>.</param>
    /// <returns>What is wrong with it. Does not throw.</returns>
    public static BusFault Parse(ReadOnlySpan<byte> bytes, out BusMessage message)
    {
        message = default;
        var end = bytes[..Math.Min(bytes.Length, MaxHeaderBytes + 1)].IndexOf((byte)'\n');
        if (end < 0 || !bytes.StartsWith("polywire/"u8))
        {
            return BusFault.Form;
        }

        var header = bytes[..end];
        var rest = header["polywire/"u8.Length..];
        var version = rest[..(rest.IndexOf((byte)' ') is var cut and >= 0 ? cut : rest.Length)];
        if (version.IsEmpty || version[0] == '0' || version.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return BusFault.Form;
        }

        if (!version.SequenceEqual("1"u8))
        {
            return BusFault.Version;
        }

        rest = rest[version.Length..];
        return !TryTake(ref rest, out var name) ? BusFault.Form
            : !BusTypes.TryParse(name, out var type) ? BusFault.Type
            : ParseSender(type, header, rest, out message);
    }

    /// <summary>Writes one, into an array of its size.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="node">Who publishes it.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="fields">Further fields, each with a space before it; empty for none.</param>
    /// <param name="body">Its body.</param>
    /// <param name="signature">Signs it; null where there is no secret.</param>
    public static byte[] Format(BusType type, NodeIdentity node, long sequence, string fields, ReadOnlySpan<byte> body, BusSignature? signature)
    {
        Span<byte> head = stackalloc byte[512];
        if (!Utf8.TryWrite(head, $"polywire/1 {BusTypes.NameOf(type)} {node.Id} {node.Epoch} {sequence}{fields}", out var written))
        {
            throw new ArgumentException("The fields of a message are too long.", nameof(fields));
        }

        head = head[..written];
        var signed = signature is null ? 0 : " h="u8.Length + BusSignature.Length;
        var bytes = GC.AllocateUninitializedArray<byte>(written + signed + 1 + body.Length);
        head.CopyTo(bytes);
        if (signature is not null)
        {
            " h="u8.CopyTo(bytes.AsSpan(written));
            signature.Write(head, body, bytes.AsSpan(written + " h="u8.Length, BusSignature.Length));
        }

        bytes[written + signed] = (byte)'\n';
        body.CopyTo(bytes.AsSpan(written + signed + 1));
        return bytes;
    }

    private static BusFault ParseSender(BusType type, ReadOnlySpan<byte> header, ReadOnlySpan<byte> rest, out BusMessage message)
    {
        message = default;
        if (!TryTake(ref rest, out var id) || id.Length > NodeIdentity.MaxIdLength || id.ContainsAnyExcept(IdBytes)
            || !TryTake(ref rest, out var epoch) || epoch.Length != EpochBytes || epoch.ContainsAnyExcept(HexBytes)
            || !TryTake(ref rest, out var digits) || !TryParseNumber(digits, out var sequence))
        {
            return BusFault.Form;
        }

        ReadOnlySpan<byte> question = default, signature = default;
        var within = 0L;
        var head = header;
        while (!rest.IsEmpty)
        {
            var before = header[..^rest.Length];
            if (!TryTake(ref rest, out var field) || field.IndexOf((byte)'=') is not (var equals and > 0))
            {
                return BusFault.Form;
            }

            var name = field[..equals];
            var value = field[(equals + 1)..];
            var isFit = true;
            if (name.SequenceEqual("id"u8))
            {
                isFit = question.IsEmpty && value.Length is > 0 and <= MaxQuestionBytes && !value.ContainsAnyExcept(QuestionBytes);
                question = value;
            }
            else if (name.SequenceEqual("within"u8))
            {
                isFit = within == 0 && TryParseNumber(value, out within);
            }
            else if (name.SequenceEqual("h"u8))
            {
                // What stood behind it would not be signed.
                isFit = rest.IsEmpty && !value.IsEmpty;
                head = before;
                signature = value;
            }

            if (!isFit)
            {
                return BusFault.Form;
            }
        }

        message = new BusMessage
        {
            Type = type, Id = id, Epoch = epoch, Sequence = sequence, Question = question, WithinMilliseconds = within, Head = head, Signature = signature,
            BodyStart = header.Length + 1,
        };
        return BusFault.None;
    }

    // The rest begins with the space before the field.
    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        rest = rest[1..];
        var end = rest.IndexOf((byte)' ');
        field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        return !field.IsEmpty;
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        return digits.Length is > 0 and <= MaxDigits
            && digits[0] is > (byte)'0' and <= (byte)'9'
            && Utf8Parser.TryParse(digits, out number, out var read)
            && read == digits.Length;
    }
}
