using System.Collections.Concurrent;

namespace Polywire.TestSupport.Faults;

/// <summary>What goes wrong in a store or a backplane, by the names of its methods, on order of a test. Safe to use concurrently.</summary>
/// <remarks>
/// With nothing ordered, calls go straight through, and what is behind runs within the call. Time plays no part: what hangs does so until it is told
/// to go on, or until its token is cancelled.
/// </remarks>
/// <param name="unavailable">Makes what the service being away is told by.</param>
public sealed class FaultPlan(Func<Exception> unavailable)
{
    private readonly ConcurrentDictionary<string, Step> _before = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Step> _after = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _calls = new();
    private volatile bool _away;

    private delegate Task Step(CancellationToken cancellationToken);

    /// <summary>Whether every call fails as it does when the service cannot be reached, without having been carried out.</summary>
    public bool IsAway
    {
        get => _away;
        set => _away = value;
    }

    /// <summary>The names of all calls so far, in order.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>How often a method was called.</summary>
    public int CallsOf(string method) => _calls.Count(call => call == method);

    /// <summary>A method does this before it is carried out; what it throws is what the caller gets.</summary>
    public void Before(string method, Func<Task> step) => _before[method] = _ => step();

    /// <summary>A method does this after it was carried out; what it throws is what the caller gets.</summary>
    public void After(string method, Func<Task> step) => _after[method] = _ => step();

    /// <summary>A method fails, without having been carried out.</summary>
    public void Fail(string method, Exception? with = null) => Before(method, () => Task.FromException(with ?? unavailable()));

    /// <summary>A method is carried out, and fails all the same, as where the answer came too late.</summary>
    public void FailLate(string method, Exception? with = null) => After(method, () => Task.FromException(with ?? unavailable()));

    /// <summary>The next call of a method waits until it is released or given up; it is carried out when it is released.</summary>
    public Hang Hang(string method) => Order(_before, method);

    /// <summary>The next call of a method is carried out, and its answer waits until it is released or given up.</summary>
    public Hang HangAnswer(string method) => Order(_after, method);

    /// <summary>All is well with a method again; what hangs goes on hanging.</summary>
    public void Heal(string method)
    {
        _before.TryRemove(method, out _);
        _after.TryRemove(method, out _);
    }

    /// <summary>All is well again.</summary>
    public void Heal()
    {
        _away = false;
        _before.Clear();
        _after.Clear();
    }

    /// <summary>Passes a call through, with what was ordered for it.</summary>
    public ValueTask<T> RunAsync<T>(string method, Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(method);
        return _away || _before.ContainsKey(method) || _after.ContainsKey(method) ? RunFaultyAsync(method, call, cancellationToken) : call();
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public async ValueTask RunAsync(string method, Func<ValueTask> call, CancellationToken cancellationToken) =>
        await RunAsync(
            method,
            () =>
            {
                var called = call();
                return called.IsCompletedSuccessfully ? new ValueTask<bool>(true) : AwaitAsync(called);
            },
            cancellationToken);

    private static async ValueTask<bool> AwaitAsync(ValueTask called)
    {
        await called;
        return true;
    }

    private static Hang Order(ConcurrentDictionary<string, Step> steps, string method)
    {
        var hang = new Hang();
        steps[method] = token =>
        {
            steps.TryRemove(method, out _);
            return hang.WaitAsync(token);
        };
        return hang;
    }

    private async ValueTask<T> RunFaultyAsync<T>(string method, Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        if (_away)
        {
            throw unavailable();
        }

        if (_before.TryGetValue(method, out var before))
        {
            await before(cancellationToken);
        }

        var result = await call();
        if (_after.TryGetValue(method, out var after))
        {
            await after(cancellationToken);
        }

        return result;
    }
}
