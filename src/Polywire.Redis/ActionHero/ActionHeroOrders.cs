using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Redis.ActionHero;

/// <summary>Obeys what ActionHero's nodes may order about connections of this one, and nothing else (cluster.md NO-55). Safe to use concurrently.</summary>
/// <remarks>ActionHero runs any function under <c>api</c> for whoever can publish with the token; here three can be asked for.</remarks>
internal sealed class ActionHeroOrders(Func<IRooms> rooms, IConnections connections, Action<string> done, ILogger logger)
{
    public const string Add = "api.chatRoom.addMember";
    public const string Remove = "api.chatRoom.removeMember";
    private const string Broadcast = "api.chatRoom.broadcast";

    // What one who has the token could make us hold.
    private const int MostAtOnce = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);
    private int _running;

    /// <summary>Begins to carry out an order, if it is one of those.</summary>
    /// <returns>False where it is not to be obeyed: another method, arguments of other kinds, or too many at once.</returns>
    public bool TryBegin(ActionHeroMessage order)
    {
        if (OperationOf(order) is not { } operation)
        {
            return false;
        }

        // Another node's, which is no fault of whoever asked.
        if (connections.Find(order.ConnectionId!) is not { } connection)
        {
            return true;
        }

        if (Interlocked.Increment(ref _running) > MostAtOnce)
        {
            Interlocked.Decrement(ref _running);
            return false;
        }

        // Those of one connection in the order in which they came.
        lock (_gate)
        {
            if (_last.Count >= MostAtOnce)
            {
                ForgetEnded();
            }

            _last[connection.Id] = RunAsync(_last.GetValueOrDefault(connection.Id, Task.CompletedTask), operation(connection), order);
        }

        return true;
    }

    private Func<Polywire.Connection, Func<ValueTask>>? OperationOf(ActionHeroMessage order)
    {
        if (order.ConnectionId is null || order.Argument(1) is not { } room)
        {
            return null;
        }

        return order.Method switch
        {
            Add when order.Argument(0) == order.ConnectionId => connection => () => rooms().AddAsync(connection, room),
            Remove when order.Argument(0) == order.ConnectionId => connection => () => rooms().RemoveAsync(connection, room),
            Broadcast when order.Args.GetArrayLength() > 2 => connection => () => rooms().SayAsync(room, order.Args[2], connection),
            _ => null,
        };
    }

    private async Task RunAsync(Task before, Func<ValueTask> operation, ActionHeroMessage order)
    {
        await Task.Yield();
        await before;
        try
        {
            await operation();
            if (order.MessageId is { } id)
            {
                done(id);
            }
        }
        catch (ActionException)
        {
            // A refusal is answered by nothing, as ActionHero does: who asked gets its timeout.
        }
        catch (Exception exception)
        {
            LastCatch.Tell(exception, logger);
        }
        finally
        {
            if (Interlocked.Decrement(ref _running) == 0)
            {
                Forget();
            }
        }
    }

    // Under the gate. No more run than may at once, so no more stay.
    private void ForgetEnded()
    {
        foreach (var (id, task) in _last)
        {
            if (task.IsCompleted)
            {
                _last.Remove(id);
            }
        }
    }

    // Whoever comes now waits for what has ended, which is no wait.
    private void Forget()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _running) == 0)
            {
                _last.Clear();
            }
        }
    }
}
