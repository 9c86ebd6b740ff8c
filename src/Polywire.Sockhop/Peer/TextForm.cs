using System.Buffers.Text;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>The line of a message in text mode, written into room of exactly its length.</summary>
internal static class TextForm
{
    private static ReadOnlySpan<byte> TypeMember => "{\"type\":"u8;

    private static ReadOnlySpan<byte> DataMember => ",\"data\":"u8;

    private static ReadOnlySpan<byte> IdMember => ",\"id\":"u8;

    private static ReadOnlySpan<byte> CallbackIdMember => ",\"callback_id\":"u8;

    public static long Base64Length(long length) => (length + 2) / 3 * 4;

    public static int BeforeData(WireType type) => TypeMember.Length + type.Json.Length + DataMember.Length;

    /// <param name="kind">Which id there is.</param>
    /// <param name="id">A token; for a request, the characters, which get quotes.</param>
    /// <param name="terminator">What ends the line.</param>
    public static int AfterData(FrameKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> terminator) =>
        (kind switch
        {
            FrameKind.Request => IdMember.Length + id.Length + 2,
            FrameKind.Response => CallbackIdMember.Length + id.Length,
            _ => 0,
        }) + 1 + terminator.Length;

    public static void Write(
        Span<byte> line, WireType type, ReadOnlySpan<byte> data, bool isBytes, FrameKind kind, ReadOnlySpan<byte> id, bool quoteId, ReadOnlySpan<byte> terminator)
    {
        var rest = Put(Put(Put(line, TypeMember), type.Json), DataMember);
        if (isBytes)
        {
            rest[0] = (byte)'"';
            Base64.EncodeToUtf8(data, rest[1..], out _, out var written);
            rest[1 + written] = (byte)'"';
            rest = rest[(written + 2)..];
        }
        else
        {
            rest = Put(rest, data);
        }

        WriteAfterData(rest, kind, id, quoteId, terminator);
    }

    public static void WriteBeforeStream(Span<byte> line, WireType type) =>
        Put(Put(Put(Put(line, TypeMember), type.Json), DataMember), "\""u8);

    public static void WriteAfterStream(Span<byte> line, FrameKind kind, ReadOnlySpan<byte> id, bool quoteId, ReadOnlySpan<byte> terminator) =>
        WriteAfterData(Put(line, "\""u8), kind, id, quoteId, terminator);

    private static void WriteAfterData(Span<byte> line, FrameKind kind, ReadOnlySpan<byte> id, bool quoteId, ReadOnlySpan<byte> terminator)
    {
        if (kind != FrameKind.Message)
        {
            line = Put(line, kind == FrameKind.Request ? IdMember : CallbackIdMember);
            line = quoteId ? Put(Put(Put(line, "\""u8), id), "\""u8) : Put(line, id);
        }

        Put(Put(line, "}"u8), terminator);
    }

    private static Span<byte> Put(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination);
        return destination[bytes.Length..];
    }
}
