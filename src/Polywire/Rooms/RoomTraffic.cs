using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Rooms;

/// <summary>What nodes tell each other about rooms: what is said in those without history, and that one is destroyed.</summary>
internal sealed partial class RoomTraffic(IBackplane backplane, RoomHistory history, RoomDelivery delivery, ILogger logger)
{
    private const string Say = "say";
    private const string Destroyed = "destroyed";

    /// <summary>Takes out the members whose generation is lower than that of a removal. Set once, before anything is heard.</summary>
    public Func<string, long, ValueTask>? OnDestroyed { get; set; }

    /// <summary>Begins to hear a room. The room's, not a caller's: it outlives the join that came first. Whatever fails is in the task.</summary>
    public async Task<IAsyncDisposable> SubscribeAsync(string room)
    {
        var subscription = await backplane.SubscribeAsync(
            BackplaneChannel.Room(room), (message, token) => HearAsync(room, message, token), CancellationToken.None);
        if (history.Of(room) is not { } bounds)
        {
            return subscription;
        }

        try
        {
            return new Both(subscription, await history.ListenAsync(room, bounds));
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells the other nodes what was said. Nobody waits for it, and it fails nobody's word.</summary>
    public void PublishSaid(string room, ReadOnlyMemory<byte> message) => Publish(room, Say, message);

    /// <summary>Tells the other nodes that a room was removed, behind all that was said in it.</summary>
    public void PublishDestroyed(string room, long generation) =>
        Publish(room, Destroyed, JsonSerializer.SerializeToUtf8Bytes(new RoomDestroyed(room, generation), RoomsJson.Default.RoomDestroyed));

    private void Publish(string room, string type, ReadOnlyMemory<byte> body)
    {
        try
        {
            // Not the caller's token: what is said here is said, though its speaker goes away.
            var accepted = backplane.PublishAsync(BackplaneChannel.Room(room), type, body, CancellationToken.None);
            if (!accepted.IsCompletedSuccessfully)
            {
                // A backplane that does not keep to its contract holds up nobody; what it ends with is logged.
                _ = ObserveAsync(accepted, room);
            }
        }
        catch (Exception exception)
        {
            Log.PublishFailed(logger, exception, LogText.OneLine(room, LogText.NameLength));
        }
    }

    private async Task ObserveAsync(ValueTask accepted, string room)
    {
        try
        {
            await accepted;
        }
        catch (Exception exception)
        {
            Log.PublishFailed(logger, exception, LogText.OneLine(room, LogText.NameLength));
        }
    }

    private ValueTask HearAsync(string room, BackplaneMessage message, CancellationToken cancellationToken) =>
        message.Type switch
        {
            Say => delivery.DeliverAsync(room, message.Body, offset: 0, cancellationToken),
            Destroyed => HearDestroyedAsync(room, message.Body),
            _ => default,
        };

    private ValueTask HearDestroyedAsync(string room, ReadOnlyMemory<byte> body)
    {
        var destroyed = JsonSerializer.Deserialize(body.Span, RoomsJson.Default.RoomDestroyed)!;
        return destroyed.Room == room ? OnDestroyed!(room, destroyed.Generation) : default;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.BackplanePublishFailed, LogLevel.Warning, "What was said in {Room} could not be handed to the other nodes")]
        public static partial void PublishFailed(ILogger logger, Exception exception, string room);
    }

    private sealed class Both(IAsyncDisposable first, IAsyncDisposable second) : IAsyncDisposable
    {
        // Neither end waits for that of the other, or is kept from it.
        public ValueTask DisposeAsync() => new(Task.WhenAll(first.DisposeAsync().AsTask(), second.DisposeAsync().AsTask()));
    }
}
