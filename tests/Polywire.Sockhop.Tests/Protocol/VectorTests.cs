using System.Security.Cryptography;
using System.Text;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Protocol;

public class VectorTests
{
    [Fact]
    public void WritesEveryRecordedFrameByteForByte()
    {
        Vectors.Frames.Count().ShouldBe(71);
        foreach (var vector in Vectors.Frames)
        {
            var frame = vector.Encode();

            frame.Length.ShouldBe(vector.Length, vector.ToString());
            Convert.ToHexStringLower(SHA256.HashData(frame)).ShouldBe(vector.Hash, vector.ToString());
        }
    }

    [Fact]
    public void ReadsEveryRecordedFrame()
    {
        foreach (var vector in Vectors.Frames)
        {
            var bytes = vector.Encode();

            BinaryProtocol.BodyLength(bytes).ShouldBe((uint)(bytes.Length - BinaryProtocol.HeaderLength));
            BinaryProtocol.Parse(bytes[4], bytes.AsSpan(BinaryProtocol.HeaderLength), out var frame).ShouldBeNull(vector.ToString());

            frame.Kind.ShouldBe(vector.Kind);
            frame.IsBytes.ShouldBe(vector.IsBytes);
            Encoding.UTF8.GetString(frame.Type).ShouldBe(vector.Type);
            frame.Data.SequenceEqual(vector.Data).ShouldBeTrue(vector.ToString());
            Encoding.ASCII.GetString(frame.Id).ShouldBe(vector.Kind == FrameKind.Message ? "" : Vectors.CallbackId);
        }
    }

    [Fact]
    public void WritesEveryRecordedTextBufferByteForByte()
    {
        foreach (var (count, length, hash) in Vectors.TextBuffers)
        {
            var size = TextForm.BeforeData(WireType.Buffer) + TextForm.Base64Length(count) + 2 + TextForm.AfterData(FrameKind.Message, default, "\n"u8);
            var line = new byte[size];
            TextForm.Write(line, WireType.Buffer, Vectors.Pattern(count), true, FrameKind.Message, default, false, "\n"u8);

            line.Length.ShouldBe(length);
            Convert.ToHexStringLower(SHA256.HashData(line)).ShouldBe(hash);
        }
    }

    [Fact]
    public void ReadsEveryRecordedTextBuffer()
    {
        foreach (var (count, length, _) in Vectors.TextBuffers)
        {
            var line = new byte[length];
            TextForm.Write(line, WireType.Buffer, Vectors.Pattern(count), true, FrameKind.Message, default, false, "\n"u8);

            TextProtocol.TryParse(line.AsSpan(0, length - 1), 64, out var frame).ShouldBeTrue();

            frame.IsBytes.ShouldBeTrue();
            frame.Data.SequenceEqual(Vectors.Pattern(count)).ShouldBeTrue();
            frame.Data.SequenceEqual(line.AsSpan(frame.DataOffset, count)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("bytes")]
    [InlineData("text")]
    public async Task ReadsEveryRecordedStreamHoweverItIsCut(string kind)
    {
        foreach (var (bytes, error, messages) in Vectors.Streams(kind))
        {
            byte[] stream = kind == "bytes" ? [.. Wires.Transition, .. bytes] : bytes;
            foreach (var split in Splits.Of(stream))
            {
                var heard = await Wires.HearAsync(split.Pieces);

                heard.Messages.ShouldBe([.. messages], $"{Convert.ToHexString(bytes)} {split}");
                heard.Errors.ShouldBe(error is null ? heard.HalfError : [error, .. heard.HalfError], $"{Convert.ToHexString(bytes)} {split}");
            }
        }
    }
}
