using System.Collections.Concurrent;

namespace Polywire.Redis.ActionHero;

/// <summary>Asks ActionHero's nodes to do something with their connections, and waits for them to say that it is done. Safe to use concurrently.</summary>
/// <param name="writer">Writes the messages.</param>
/// <param name="publish">Sends one.</param>
/// <param name="time">The clock.</param>
internal sealed class ActionHeroCalls(ActionHeroWriter writer, Action<ReadOnlyMemory<byte>> publish, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Asks, and waits.</summary>
    /// <returns>Whether it was done in time; a refusal is silent.</returns>
    public async Task<bool> AskAsync(string method, string connectionId, string room, TimeSpan limit, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = done;
        try
        {
            publish(writer.Do(id, method, connectionId, connectionId, room));
            await done.Task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Hears that something was done.</summary>
    public void Hear(string? messageId)
    {
        if (messageId is not null && _waiting.TryGetValue(messageId, out var done))
        {
            done.TrySetResult();
        }
    }
}
