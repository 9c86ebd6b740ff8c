using Polywire.Doors;
using Polywire.Files;
using Polywire.Outbound;

namespace Polywire.Tests.Fakes;

/// <summary>A door's connection without any transport: what is to be sent counts, nobody reads it.</summary>
internal sealed class BareConnection(ConnectionServices services, MessageProtocol protocol)
    : DoorConnection(Guid.NewGuid().ToString(), "bare", Transports.Socket, services, protocol)
{
    private readonly TaskCompletionSource<CloseReason> _goodbye = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answers;

    public override OutboundLimits Limits { get; } = new(64 * 1024, 16);

    public override string RemoteIP => "bare";

    public override int RemotePort => 0;

    /// <summary>Sends a file, or fails to.</summary>
    public Func<ValueTask<bool>> SendFile { get; init; } = static () => new ValueTask<bool>(true);

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Completes when the connection ends.</summary>
    public Task<CloseReason> Goodbye => _goodbye.Task;

    public override void Answer(ReadOnlySpan<byte> message, in MessageIds ids) => Interlocked.Increment(ref _answers);

    public override void Flush()
    {
    }

    public override ValueTask<bool> SendFileAsync(PublicFile file, FileRequest request, MessageIds ids) => SendFile();

    protected internal override Delivery Deliver(in OutboundEntry entry) => Delivery.Delivered;

    protected override Delivery Push(ReadOnlySpan<byte> message) => Delivery.Delivered;

    protected override void SayWelcome()
    {
    }

    protected override ValueTask SayGoodbyeAsync(CloseReason reason)
    {
        _goodbye.TrySetResult(reason);
        return default;
    }
}
