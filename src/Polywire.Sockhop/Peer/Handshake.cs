using System.Buffers.Text;
using System.Text;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>The handshake of one connection: each side asks and answers on its own, and what is sent may become binary.</summary>
/// <remarks>
/// It succeeds once the other has asked, the own question was answered and, where binary was granted, the switch is done; it fails when that takes
/// too long. Either way it settles once. The reader calls the members that take a frame; any thread the others.
/// </remarks>
internal sealed class Handshake : ISwitchOwner
{
    private const string OwnVersionPrefix = "polywire/";

    private static readonly string OwnVersion = OwnVersionPrefix + typeof(Handshake).Assembly.GetName().Version!.ToString(3);

    private readonly Lock _gate;
    private readonly Life _life;
    private readonly Writer _writer;
    private readonly ConnectionSettings _settings;
    private readonly IHandshakeOwner _owner;
    private byte[]? _id;
    private ITimer? _timer;
    private bool _otherShookHands;
    private bool _wasAnswered;
    private bool _isSettled;
    private bool _otherIsPolywire;

    public Handshake(Lock gate, Life life, Writer writer, Pings pings, ConnectionSettings settings, IHandshakeOwner owner)
    {
        _gate = gate;
        _life = life;
        _writer = writer;
        _settings = settings;
        _owner = owner;
        Switch = new BinarySwitch(gate, life, writer, pings, settings, this);
    }

    public BinarySwitch Switch { get; }

    /// <summary>Whether it has succeeded, and the connection has not ended.</summary>
    public bool IsHandshaked { get; private set; }

    /// <summary>Whether it is over, however, or there is none; false again once the connection has ended.</summary>
    public bool IsInitialized { get; private set; }

    /// <summary>Where there is none: in compatibility mode.</summary>
    public void Skip()
    {
        IsInitialized = true;
        _isSettled = true;
    }

    /// <summary>Asks the other.</summary>
    public void Begin()
    {
        var id = new byte[RequestIds.Length];
        Utf8Formatter.TryFormat(Guid.NewGuid(), id, out _);
        _id = id;
        lock (_gate)
        {
            if (!_life.IsOpen)
            {
                return;
            }

            _timer = _settings.Time.CreateGuardedTimer(static handshake => handshake.Fail(), this, _settings.HandshakeTimeout);
        }

        var wish = _settings.AllowBinaryMode ? "true" : "false";
        _writer.SendControl(
            FrameKind.Request,
            WireType.Handshake,
            Encoding.UTF8.GetBytes($$"""{"protocol_version":2,"library_version":"{{OwnVersion}}","request_binary_mode":{{wish}}}"""),
            id);
    }

    /// <summary>Whether a response is the answer to the own question, which has not come yet.</summary>
    public bool Awaits(ReadOnlySpan<byte> id) => _id is { } own && id.SequenceEqual(own);

    /// <summary>Takes the other's question, and answers it where it can be answered.</summary>
    public void TakeQuestion(in Frame frame)
    {
        if (_settings.CompatibilityMode)
        {
            return;
        }

        var data = frame.IsBytes ? default : frame.Data;
        var wish = JsonMembers.Find(data, "request_binary_mode"u8);
        _otherIsPolywire = JsonMembers.FindText(data, "library_version"u8)?.StartsWith(OwnVersionPrefix, StringComparison.Ordinal) == true;
        if (_otherIsPolywire)
        {
            // It may have answered before it asked.
            Switch.EndProbing();
        }

        if (frame.Kind == FrameKind.Request)
        {
            var answer = wish.IsEmpty ? "{}"u8
                : JsonMembers.IsTruthy(wish) && _settings.AllowBinaryMode ? "{\"allow_binary_mode\":true}"u8
                : "{\"allow_binary_mode\":false}"u8;
            _writer.SendControl(FrameKind.Response, WireType.Object, answer, frame.Id, frame.IdIsJson, passesBarrier: false);
        }

        lock (_gate)
        {
            _otherShookHands = true;
        }

        Settle();
    }

    /// <summary>Takes the answer to the own question, and switches to binary if that is granted. A late one changes nothing.</summary>
    public void TakeAnswer(in Frame frame)
    {
        _id = null;
        var isAllowed = !frame.IsBytes && JsonMembers.Find(frame.Data, "allow_binary_mode"u8).SequenceEqual("true"u8) && _settings.AllowBinaryMode;
        lock (_gate)
        {
            if (_isSettled || !_life.IsOpen)
            {
                return;
            }

            _wasAnswered = true;
            if (isAllowed)
            {
                _writer.SwitchToBinary(withBarrier: !_otherIsPolywire);
            }
        }

        if (isAllowed)
        {
            _writer.Flush();
            Switch.BeginProbing();
            _owner.OnSwitched();
        }

        Settle();
    }

    /// <summary>When the connection has ended; under the gate.</summary>
    public void Forget()
    {
        IsHandshaked = false;
        IsInitialized = false;
    }

    public void Stop()
    {
        _timer?.Dispose();
        Switch.Stop();
    }

    void ISwitchOwner.OnReleased()
    {
        _writer.Flush();
        Settle();
        _owner.OnToldLate();
    }

    private void Settle()
    {
        lock (_gate)
        {
            if (_isSettled || !_otherShookHands || !_wasAnswered || _writer.HasBarrier || !_life.IsOpen)
            {
                return;
            }

            _isSettled = true;
            IsHandshaked = true;
            IsInitialized = true;
        }

        Tell(new SockhopHandshakeResult { Success = true });
    }

    private void Fail()
    {
        bool isComplete;
        lock (_gate)
        {
            if (_isSettled || _life.IsClosed)
            {
                return;
            }

            // Only the proof that the other reads binary is missing, and that is not a part of the handshake.
            isComplete = (_otherShookHands && _wasAnswered) || _life.Stage == Stage.Closing;
            if (!isComplete)
            {
                _isSettled = true;
                IsInitialized = true;
                Switch.Release();
            }
        }

        if (isComplete)
        {
            Switch.EndProbing();
            return;
        }

        _writer.Flush();
        var text = $"The handshake was not complete within {nameof(SockhopOptions.HandshakeTimeout)} ({_settings.HandshakeTimeout}).";
        Tell(new SockhopHandshakeResult { Success = false, Error = new SockhopException(SockhopErrorCodes.HandshakeTimeout, text) });
        _owner.OnToldLate();
    }

    private void Tell(SockhopHandshakeResult result)
    {
        _timer?.Dispose();
        _owner.OnSettled(result);
    }
}
