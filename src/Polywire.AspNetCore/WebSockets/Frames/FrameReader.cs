using System.Buffers;
using System.Text.Unicode;
using Polywire.Params;

namespace Polywire.AspNetCore.WebSockets.Frames;

/// <summary>Reads a client's frames and puts messages together.</summary>
/// <remarks>
/// <para>Source: RFC 6455, 5; RFC 7692, 7.2; docs/protocol/websocket.md, "Frames".</para>
/// <para>
/// Call <see cref="TryRead"/> until it needs more, then advance the pipe with consumed = the buffer's start, which has moved, and examined
/// = its end. A frame that came whole is unmasked on its way into the message's params; of any other what has come is kept and let go
/// from the buffer, so that each byte is touched once however it is cut. Between messages nothing is held.
/// </para>
/// <para>
/// After <see cref="FrameResult.Violation"/>, <see cref="FrameResult.InvalidData"/> or <see cref="FrameResult.TooBig"/> there is no way
/// to go on. A mutable struct: keep it in a field or local that is not read-only, and do not copy it. For one reading task at a time.
/// </para>
/// </remarks>
internal struct FrameReader(int maxMessageLength, bool isCompressing)
{
    private readonly int _limit = maxMessageLength;
    private readonly bool _isCompressing = isCompressing;
    private MessageAssembly? _assembly;
    private long _left;
    private int _at;
    private uint _mask;
    private bool _isFinal;

    /// <summary>Whether a message has begun and not ended.</summary>
    public readonly bool IsInMessage => _assembly is not null;

    /// <summary>Bytes of memory that an unfinished message takes.</summary>
    public readonly int HeldBytes => _assembly?.Capacity ?? 0;

    /// <summary>How much of a message that has begun has come; 0 where none has.</summary>
    public readonly int Begun => _assembly is null ? 0 : _assembly.Length + 1;

    /// <summary>Takes the next message or control frame off a buffer.</summary>
    /// <param name="buffer">Moved past all that is done with.</param>
    /// <param name="control">Takes the payload of a control frame; <see cref="FrameHeader.MaxControlBytes"/> long.</param>
    /// <param name="controlLength">Its length.</param>
    /// <param name="message">With <see cref="FrameResult.Message"/> the message, valid UTF-8, loaded and owned by the caller; else null.</param>
    public FrameResult TryRead(ref ReadOnlySequence<byte> buffer, Span<byte> control, out int controlLength, out ParamSet? message)
    {
        message = null;
        controlLength = 0;
        while (true)
        {
            if (_left > 0)
            {
                TakePayload(ref buffer);
                if (_left > 0)
                {
                    return FrameResult.NeedMore;
                }

                if (_isFinal)
                {
                    return Finish(out message);
                }
            }

            var read = FrameHeader.Read(buffer, out var header);
            if (read != FrameResult.Message)
            {
                return read;
            }

            if (header.IsControl)
            {
                return TakeControl(ref buffer, header, control, out controlLength);
            }

            if ((header.Opcode == FrameHeader.Continuation) != IsInMessage
                || (header.IsCompressed && (!_isCompressing || header.Opcode == FrameHeader.Continuation)))
            {
                return FrameResult.Violation;
            }

            if (header.Length > _limit - (_assembly?.Length ?? 0))
            {
                return FrameResult.TooBig;
            }

            var span = buffer.FirstSpan;
            if (header.IsFinal && !IsInMessage && header.Length <= span.Length - header.Size)
            {
                var payload = span.Slice(header.Size, (int)header.Length);
                buffer = buffer.Slice(header.Size + header.Length);
                return Load(payload, header, out message);
            }

            Begin(header);
            buffer = buffer.Slice(header.Size);
            if (header.Length == 0 && header.IsFinal)
            {
                return Finish(out message);
            }
        }
    }

    /// <summary>Gives back what an unfinished message holds.</summary>
    public void Release()
    {
        _assembly?.Release();
        _assembly = null;
        _left = 0;
    }

    private static FrameResult TakeControl(
        ref ReadOnlySequence<byte> buffer, in FrameHeader header, Span<byte> control, out int length)
    {
        length = (int)header.Length;
        if (buffer.Length < header.Size + length)
        {
            length = 0;
            return FrameResult.NeedMore;
        }

        buffer.Slice(header.Size, length).CopyTo(control);
        FrameMask.Copy(control[..length], control, header.Mask, 0);
        buffer = buffer.Slice(header.Size + length);
        return header.Opcode switch
        {
            FrameHeader.Ping => FrameResult.Ping,
            FrameHeader.Pong => FrameResult.Pong,
            _ => FrameResult.Close,
        };
    }

    private readonly FrameResult Load(ReadOnlySpan<byte> payload, in FrameHeader header, out ParamSet? message)
    {
        message = null;
        var set = ParamSet.Rent();
        if (!header.IsCompressed)
        {
            FrameMask.Copy(payload, set.Prepare(payload.Length), header.Mask, 0);
            return Check(set, FrameResult.Message, out message);
        }

        var plain = ArrayPool<byte>.Shared.Rent(payload.Length);
        FrameMask.Copy(payload, plain, header.Mask, 0);
        var result = MessageDeflate.Decompress(plain.AsSpan(0, payload.Length), _limit, set);
        ArrayPool<byte>.Shared.Return(plain);
        return Check(set, result, out message);
    }

    private void Begin(in FrameHeader header)
    {
        _assembly ??= new MessageAssembly { IsCompressed = header.IsCompressed };
        _left = header.Length;
        _mask = header.Mask;
        _at = 0;
        _isFinal = header.IsFinal;
    }

    private void TakePayload(ref ReadOnlySequence<byte> buffer)
    {
        var part = buffer.Length <= _left ? buffer : buffer.Slice(0, _left);
        foreach (var memory in part)
        {
            _assembly!.Append(memory.Span, _mask, _at, _limit);
            _at += memory.Length;
        }

        _left -= part.Length;
        buffer = buffer.Slice(part.End);
    }

    private FrameResult Finish(out ParamSet? message)
    {
        var assembly = _assembly!;
        _assembly = null;
        var set = ParamSet.Rent();
        var result = FrameResult.Message;
        if (assembly.IsCompressed)
        {
            result = MessageDeflate.Decompress(assembly.Bytes, _limit, set);
        }
        else
        {
            assembly.Bytes.CopyTo(set.Prepare(assembly.Length));
        }

        assembly.Release();
        return Check(set, result, out message);
    }

    private static FrameResult Check(ParamSet set, FrameResult result, out ParamSet? message)
    {
        if (result == FrameResult.Message && Utf8.IsValid(set.Slice(0, set.Size)))
        {
            message = set;
            return FrameResult.Message;
        }

        set.Release();
        message = null;
        return result == FrameResult.Message ? FrameResult.InvalidData : result;
    }
}
