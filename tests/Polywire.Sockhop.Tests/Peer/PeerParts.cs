using System.Text;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;
using Polywire.Sockhop.Transport;
using Polywire.Testing;

namespace Polywire.Sockhop.Tests.Peer;

/// <summary>The parts of a connection that send, without an inbox or a reader: a test stands in for those and for the connection.</summary>
internal sealed class PeerParts : ILifeOwner, IWriterOwner, IHandshakeOwner
{
    private readonly List<string> _told = [];

    public PeerParts(Action<SockhopServerOptions>? configure = null, bool open = true)
    {
        var options = new SockhopServerOptions { TimeProvider = Clock };
        configure?.Invoke(options);
        Settings = new ConnectionSettings(options);
        Life = new Life(Gate, Wire, Settings, this);
        Writer = new Writer(Gate, Wire, Life, Settings.Encoder, Settings.SendQueueLimit, this);
        Pings = new Pings(Gate, Life, Writer, Clock, isServer: true);
        Handshake = new Handshake(Gate, Life, Writer, Pings, Settings, this);
        if (open)
        {
            Life.TryOpen();
        }
    }

    public ManualTimeProvider Clock { get; } = new();

    public Lock Gate { get; } = new();

    public SlowWire Wire { get; } = new();

    public ConnectionSettings Settings { get; }

    public Life Life { get; }

    public Writer Writer { get; }

    public Pings Pings { get; }

    public Handshake Handshake { get; }

    /// <summary>What the connection was told, in order.</summary>
    public IReadOnlyList<string> Told => _told;

    public bool IsReading { get; set; } = true;

    public bool IsAllWritten => Writer.IsAllWritten;

    /// <summary>Sends a JSON text as an object.</summary>
    /// <returns>Null where there was room.</returns>
    public HeldFrame? Send(string json)
    {
        _ = Writer.Enqueue(new OutboundFrame { Type = WireType.Object, Data = Encoding.UTF8.GetBytes(json) }, out var held).AsTask();
        return held;
    }

    public void TakeQuestion(string line)
    {
        TextProtocol.TryParse(Encoding.UTF8.GetBytes(line), 64, out var frame);
        Handshake.TakeQuestion(frame);
    }

    public void TakeAnswer(string data)
    {
        TextProtocol.TryParse(Encoding.UTF8.GetBytes($$"""{"type":"Object","data":{{data}},"callback_id":"x"}"""), 64, out var frame);
        Handshake.TakeAnswer(frame);
    }

    public void OnClosing() => Handshake.Switch.KeepOrRelease(hears: IsReading && !Life.IsDeaf);

    public void WriteRest() => Writer.Flush();

    public void OnClosed(SockhopException error)
    {
        lock (Gate)
        {
            Writer.Fail(error);
        }

        Handshake.Stop();
        _told.Add("closed");
    }

    public void OnCallbackFailed(AggregateException exception)
    {
    }

    public void OnAllWritten()
    {
        _told.Add("all written");
        Life.Finish();
    }

    public void OnWriteFailed(Exception exception) => _told.Add("failed: " + exception.Message);

    public void OnSwitched() => _told.Add("binary");

    public void OnSettled(SockhopHandshakeResult result) => _told.Add(result.Success ? "shaken" : result.Error!.Code);

    public void OnToldLate()
    {
    }

    /// <summary>A wire whose writes end when the test says so.</summary>
    internal sealed class SlowWire : Wire
    {
        private readonly List<string> _written = [];
        private TaskCompletionSource? _writing;

        /// <summary>Whether a write has to be ended by <see cref="EndWrite"/>.</summary>
        public bool IsSlow { get; set; }

        public bool IsDisposed { get; private set; }

        public bool IsShutDown { get; private set; }

        /// <summary>What each write had.</summary>
        public IReadOnlyList<string> Written => _written;

        public string Text => string.Concat(_written);

        public void EndWrite(Exception? error = null)
        {
            var writing = _writing!;
            _writing = null;
            if (error is null)
            {
                writing.SetResult();
            }
            else
            {
                writing.SetException(error);
            }
        }

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => new(0);

        public override ValueTask SendAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
        {
            _written.Add(Encoding.Latin1.GetString(first.Span) + Encoding.Latin1.GetString(second.Span));
            if (!IsSlow)
            {
                return default;
            }

            _writing = new TaskCompletionSource();
            return new ValueTask(_writing.Task);
        }

        public override ValueTask ShutdownAsync()
        {
            IsShutDown = true;
            return default;
        }

        public override void Dispose() => IsDisposed = true;
    }
}
