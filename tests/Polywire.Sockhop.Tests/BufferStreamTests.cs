#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture.
using System.Security.Cryptography;
using System.Text;
using Polywire.Sockhop.Protocol;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

/// <summary>Buffers that are read while they arrive.</summary>
public class BufferStreamTests
{
    // Above what is collected in any case.
    private const int Large = (64 << 10) + 100;

    // Of the second buffer, three bytes are missing that follow the data and mean nothing.
    private static string[] Expected { get; } = [$"T {Large} {HashOf(Large)}", "String \"next\"", $"T {Large} {HashOf(Large)}", SockhopErrorCodes.DeserializeFailed];

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 64 << 10)]
    [InlineData(true, 20_000_003)]
    [InlineData(false, 300_000)]
    public async Task GivesTheBytesAsTheyWereSent(bool binary, int size)
    {
        await using var pair = await new Pair(o => (o.AllowBinaryMode, o.MaxMessageSize) = (binary, 500_000)).StartAsync();
        var heard = new TaskCompletionSource<(string, long, long, byte[])>();
        pair.Server.OnBufferStream(async (stream, _, token) =>
        {
            var hash = await SHA256.HashDataAsync(stream, token);
            heard.SetResult((stream.Type, stream.Length, stream.Position, hash));
        });
        pair.Server.HandlerFailed += (_, exception) => heard.TrySetException(exception);
        var sent = new byte[size];
        new Random(Seed.Value).NextBytes(sent);

        await pair.Client.SendAsync(sent).AsTask().WithinLimit();

        var (type, length, position, hash) = await heard.Task.WithinLimit();
        (type, length, position).ShouldBe(("Buffer", size, size));
        hash.ShouldBe(SHA256.HashData(sent));
    }

    [Fact]
    public async Task ReadsThemWhereverTheyAreSplit()
    {
        byte[] frame = [.. Typed("T", Large, surplus: 7)];
        byte[] all = [.. Wires.Transition, .. frame, .. Json("\"next\""), .. frame[..^3]];
        var begin = Wires.Transition.Length;
        var end = begin + frame.Length;
        var cuts = Enumerable.Range(begin, 25).Concat(Enumerable.Range(end - 10, 30));
        foreach (var cut in cuts)
        {
            (await HearAsync([all.AsMemory(0, cut), all.AsMemory(cut)])).ShouldBe(Expected, $"cut at {cut}");
        }

        (await HearAsync(all.Chunk(1).Select(piece => (ReadOnlyMemory<byte>)piece))).ShouldBe(Expected);
        (await HearAsync([all])).ShouldBe(Expected);
    }

    [Fact]
    public async Task ReceivesNoMoreThanMayWaitUntilItIsRead()
    {
        await using var pair = await new Pair(o => o.ReceiveQueueLimit = 100_000).StartAsync();
        var gate = new TaskCompletionSource();
        var done = new TaskCompletionSource<long>();
        pair.Server.OnBufferStream(async (stream, _, token) =>
        {
            await gate.Task;
            await stream.CopyToAsync(Stream.Null, token);
            done.SetResult(stream.Position);
        });

        var sending = pair.Client.SendAsync(new byte[30_000_000]).AsTask();
        await Until.TrueAsync(() => pair.Session.Current!.IsPaused);
        sending.IsCompleted.ShouldBeFalse();
        gate.SetResult();

        (await done.Task.WithinLimit()).ShouldBe(30_000_000);
        await sending.WithinLimit();
    }

    [Fact]
    public async Task CountsWhatHasComeWholeAndWaitsForItsHandler()
    {
        await using var pair = await new Pair(o => o.ReceiveQueueLimit = 500_000).StartAsync();
        var gate = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        var handled = 0;
        pair.Server.OnBufferStream(async (stream, _, token) =>
        {
            await gate.Task;
            await stream.CopyToAsync(Stream.Null, token);
            if (++handled == 100)
            {
                done.SetResult();
            }
        });

        var sending = Task.WhenAll(Enumerable.Range(0, 100).Select(_ => pair.Client.SendAsync(new byte[Large]).AsTask()));
        await Until.TrueAsync(() => pair.Session.Current!.IsPaused);
        gate.SetResult();

        await done.Task.WithinLimit();
        await sending.WithinLimit();
    }

    [Fact]
    public async Task SkipsWhatIsNotRead()
    {
        await using var pair = await new Pair(o => o.ReceiveQueueLimit = 100_000).StartAsync();
        var heard = new TaskCompletionSource<string>();
        var failed = new TaskCompletionSource<Exception>();
        SockhopBufferStream? kept = null;
        pair.Server.HandlerFailed += (_, exception) => failed.SetResult(exception);
        pair.Server.OnBufferStream(
            async (stream, _, token) =>
            {
                kept = stream;
                await stream.ReadExactlyAsync(new byte[10], token);
                throw new InvalidOperationException("enough");
            },
            "T");
        pair.Server.On<string>((text, _, _) => heard.SetResult(text));

        await pair.Client.SendTypedBufferAsync("T", new byte[10_000_000]);
        await pair.Client.SendAsync("next");

        (await heard.Task.WithinLimit()).ShouldBe("next");
        (await failed.Task.WithinLimit()).Message.ShouldBe("enough");
        await Should.ThrowAsync<ObjectDisposedException>(kept!.ReadExactlyAsync(new byte[1]).AsTask());
    }

    [Fact]
    public async Task FailsTheReaderWhenTheConnectionEnds()
    {
        await using var pair = new Pair();
        var read = new TaskCompletionSource<Exception?>();
        var told = new TaskCompletionSource<SockhopException>();
        pair.Server.OnBufferStream(
            async (stream, _, _) => read.SetResult(await Record.ExceptionAsync(() => stream.CopyToAsync(Stream.Null))), "T");
        pair.Server.ProtocolError += (_, error) => told.SetResult(error);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);
        await peer.SendAsync(Wires.Transition);
        await peer.SendAsync(Typed("T", Large)[..^1]);
        await Until.TrueAsync(() => pair.Server.Sessions.Count == 1);

        peer.End();

        (await read.Task.WithinLimit()).ShouldBeOfType<SockhopException>().Code.ShouldBe(SockhopErrorCodes.SocketDestroyed);
        (await told.Task.WithinLimit()).Code.ShouldBe(SockhopErrorCodes.DeserializeFailed);
    }

    [Fact]
    public async Task GivesNothingOfAPeerThatHasNotSaidWhoItIs()
    {
        await using var pair = new Pair(o => o.RequireAuthentication = true);
        var calls = 0;
        var end = new TaskCompletionSource<SockhopDisconnect>();
        pair.Server.OnBufferStream((_, _, _) =>
        {
            calls++;
            return default;
        });
        pair.Server.Disconnected += (_, value) => end.SetResult(value);
        await pair.Server.StartAsync();
        using var peer = await RawPeer.ConnectAsync(pair.Path);

        await peer.SendAsync(Wires.Transition);
        await peer.SendAsync(Typed("Buffer", Large));

        (await end.Task.WithinLimit()).Reason.ShouldBe(SockhopCloseReason.NotAuthenticated);
        calls.ShouldBe(0);
    }

    [Fact]
    public async Task HasOneHandlerForAType()
    {
        await using var pair = new Pair();
        pair.Server.On<byte[]>((_, _, _) => { });
        pair.Server.OnBufferStream((_, _, _) => default, "T");

        Should.Throw<InvalidOperationException>(() => pair.Server.OnBufferStream((_, _, _) => default));
        Should.Throw<InvalidOperationException>(() => pair.Server.OnTypedBuffer("T", (_, _, _) => default));
        Should.Throw<SockhopException>(() => pair.Server.OnBufferStream((_, _, _) => default, "SockhopPing")).Code.ShouldBe(SockhopErrorCodes.ReservedType);
    }

    private static async Task<string[]> HearAsync(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        await using var server = new SockhopServer(new SockhopServerOptions());
        var heard = new List<string>();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnBufferStream(
            async (stream, _, _) =>
            {
                var bytes = new byte[stream.Length];
                await stream.ReadExactlyAsync(bytes);
                heard.Add($"{stream.Type} {stream.Length} {Convert.ToHexString(SHA256.HashData(bytes))}");
            },
            "T");
        server.OnMessage((message, _, _) =>
        {
            heard.Add($"{message.Type} {message.Json.GetRawText()}");
            return default;
        });
        server.HandlerFailed += (_, exception) => end.TrySetException(exception);
        var errors = new List<string>();
        server.ProtocolError += (_, error) => errors.Add(error.Code);
        server.Disconnected += (_, _) => end.TrySetResult();
        using var wire = new ScriptedWire(pieces);
        await server.BeginAsync(wire);
        await end.Task.WithinLimit();
        await Until.TrueAsync(() => heard.Count == 3);
        return [.. heard, .. errors];
    }

    private static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i % 251))];

    private static string HashOf(int size) => Convert.ToHexString(SHA256.HashData(Bytes(size)));

    private static byte[] Typed(string type, int size, int surplus = 0) => Frame(type, Bytes(size), isBytes: true, surplus);

    private static byte[] Json(string json) => Frame("String", Encoding.UTF8.GetBytes(json), isBytes: false, 0);

    private static byte[] Frame(string type, byte[] data, bool isBytes, int surplus)
    {
        var prefix = new byte[BinaryProtocol.PrefixLength(type.Length)];
        BinaryProtocol.WritePrefix(prefix, FrameKind.Message, isBytes, Encoding.UTF8.GetBytes(type), (uint)data.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(prefix, prefix.Length - BinaryProtocol.HeaderLength + data.Length + surplus);
        return [.. prefix, .. data, .. new byte[surplus]];
    }
}
