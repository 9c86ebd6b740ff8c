using System.Buffers.Text;
using System.Text;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>The handshake and the switch to binary.</content>
internal sealed partial class Connection
{
    private const string OwnVersionPrefix = "polywire/";

    private static readonly string OwnVersion = OwnVersionPrefix + typeof(Connection).Assembly.GetName().Version!.ToString(3);

    private byte[]? _handshakeId;
    private ITimer? _handshakeTimer;
    private bool _otherShookHands;
    private bool _wasAnswered;
    private bool _isSettled;
    private bool _otherIsPolywire;

    private void BeginHandshake()
    {
        if (_settings.CompatibilityMode)
        {
            return;
        }

        var id = new byte[RequestIds.Length];
        Utf8Formatter.TryFormat(Guid.NewGuid(), id, out _);
        _handshakeId = id;
        lock (_gate)
        {
            if (_phase != Phase.Open)
            {
                return;
            }

            _handshakeTimer = _settings.Time.CreateGuardedTimer(
                static connection => connection.FailHandshake(), this, _settings.HandshakeTimeout);
        }

        var wish = _settings.AllowBinaryMode ? "true" : "false";
        SendControl(
            FrameKind.Request,
            WireType.Handshake,
            Encoding.UTF8.GetBytes($$"""{"protocol_version":2,"library_version":"{{OwnVersion}}","request_binary_mode":{{wish}}}"""),
            id);
    }

    private void TakeHandshake(in Frame frame)
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
            EndProbing();
        }

        if (frame.Kind == FrameKind.Request)
        {
            var answer = wish.IsEmpty ? "{}"u8
                : JsonMembers.IsTruthy(wish) && _settings.AllowBinaryMode ? "{\"allow_binary_mode\":true}"u8
                : "{\"allow_binary_mode\":false}"u8;
            SendControl(FrameKind.Response, WireType.Object, answer, frame.Id, frame.IdIsJson, passesBarrier: false);
        }

        lock (_gate)
        {
            _otherShookHands = true;
        }

        SettleHandshake();
    }

    private void TakeHandshakeAnswer(in Frame frame)
    {
        var isAllowed = !frame.IsBytes && JsonMembers.Find(frame.Data, "allow_binary_mode"u8).SequenceEqual("true"u8);
        lock (_gate)
        {
            if (_isSettled || _phase != Phase.Open)
            {
                return;
            }

            _wasAnswered = true;
            if (isAllowed && _settings.AllowBinaryMode)
            {
                // In one step under the gate: what is queued after the line is binary.
                Append(_outbound, new OutboundFrame { Type = WireType.Transition, Data = "{}"u8 });
                _outbound.Seal();
                _txBinary = true;
                _barrier = !_otherIsPolywire;
            }
            else
            {
                isAllowed = false;
            }
        }

        if (isAllowed)
        {
            FlushHeldBack();
            BeginProbing();
            PostBinaryMode(receiving: false);
        }

        SettleHandshake();
    }

    private void SettleHandshake()
    {
        lock (_gate)
        {
            if (_isSettled || !_otherShookHands || !_wasAnswered || _barrier || _phase != Phase.Open)
            {
                return;
            }

            _isSettled = true;
            IsHandshaked = true;
            IsInitialized = true;
        }

        TellHandshake(new SockhopHandshakeResult { Success = true });
    }

    private void FailHandshake()
    {
        bool isComplete;
        lock (_gate)
        {
            if (_isSettled || IsClosed)
            {
                return;
            }

            // Only the proof that the other reads binary is missing, and that is not a part of the handshake.
            isComplete = (_otherShookHands && _wasAnswered) || _phase == Phase.Closing;
            if (!isComplete)
            {
                _isSettled = true;
                IsInitialized = true;
                ReleaseBarrier();
            }
        }

        if (isComplete)
        {
            EndProbing();
            return;
        }

        FlushHeldBack();
        var text = $"The handshake was not complete within {nameof(SockhopOptions.HandshakeTimeout)} ({_settings.HandshakeTimeout}).";
        TellHandshake(new SockhopHandshakeResult { Success = false, Error = new SockhopException(SockhopErrorCodes.HandshakeTimeout, text) });
        _inbox.DrainSoon();
    }

    private void TellHandshake(SockhopHandshakeResult result)
    {
        _handshakeTimer?.Dispose();
        PostHandshake(result);
    }

    private void StopHandshake()
    {
        _handshakeTimer?.Dispose();
        _probeTimer?.Dispose();
        _probeEndTimer?.Dispose();
    }
}
