using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>A connection in the room that reads: a listener, or the sender, whose own copies do not count.</summary>
internal sealed class FanoutMember : IAsyncDisposable
{
    private readonly ClientConnection _connection;
    private readonly Tally _tally;
    private readonly FanoutRoom? _room;
    private readonly Task _receiving;
    private long _next;
    private volatile bool _closing;

    /// <summary>Starts reading.</summary>
    /// <param name="connection">Already in the room.</param>
    /// <param name="tally">For errors and early ends.</param>
    /// <param name="room">Told of each message; null for the sender.</param>
    public FanoutMember(ClientConnection connection, Tally tally, FanoutRoom? room)
    {
        _connection = connection;
        _tally = tally;
        _room = room;
        _connection.AnswersPings = room is not null;
        _receiving = ReceiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _connection.Dispose();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        var reason = "the server ended a connection";
        try
        {
            while (await _connection.ReceiveAsync())
            {
                var now = Clock.Now;
                while (_connection.TryReadMessage(out var line))
                {
                    Take(line, now);
                }
            }
        }
        catch (Exception e) when (ClientConnection.IsEnd(e) || e is InvalidDataException)
        {
            reason = e.Message;
        }

        if (!_closing)
        {
            _tally.Close(reason);
        }
    }

    private void Take(ReadOnlySpan<byte> line, long now)
    {
        if (!MessageScanner.TryReadNumber(line, "\"message\":\"n"u8, out var number))
        {
            if (MessageScanner.IsError(line))
            {
                _tally.Error(MessageScanner.Show(line));
            }

            return;
        }

        if (_room is null)
        {
            return;
        }

        // Numbers not yet said, or had before, belong to somebody else's run in the same room or to a repeated message.
        if (number < _next || number >= _room.Said)
        {
            _tally.Surprise("out of order, repeated or foreign: " + MessageScanner.Show(line));
            return;
        }

        for (; _next < number; _next++)
        {
            _room.Missed(_next, now);
        }

        _next++;
        _room.Delivered(number, now);
    }
}
