namespace Polywire.TestSupport.Faults;

/// <summary>What becomes of what is on its way to handlers: by default it arrives; on order it is lost, doubled, or kept and given in another order.</summary>
/// <typeparam name="T">What is delivered.</typeparam>
public sealed class FaultyDeliveries<T>
{
    private readonly Lock _gate = new();
    private readonly List<Func<ValueTask>> _kept = [];
    private int _dropped;

    /// <summary>Whether what comes is lost.</summary>
    public bool Drops { get; set; }

    /// <summary>How much was lost.</summary>
    public int Dropped => Volatile.Read(ref _dropped);

    /// <summary>Whether what comes is handed over twice.</summary>
    public bool Doubles { get; set; }

    /// <summary>Whether what comes is kept until <see cref="ReleaseAsync"/>.</summary>
    public bool Keeps { get; set; }

    /// <summary>How much is kept.</summary>
    public int Kept
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>Hands over what was kept, one after the other, and keeps nothing more.</summary>
    /// <param name="reversed">Whether the last comes first.</param>
    public async Task ReleaseAsync(bool reversed = false)
    {
        Keeps = false;
        List<Func<ValueTask>> kept;
        lock (_gate)
        {
            kept = [.. _kept];
            _kept.Clear();
        }

        if (reversed)
        {
            kept.Reverse();
        }

        foreach (var hand in kept)
        {
            await hand().WithinLimit();
        }
    }

    internal Func<T, CancellationToken, ValueTask> Over(Func<T, CancellationToken, ValueTask> handler) => (item, token) =>
    {
        if (Drops)
        {
            Interlocked.Increment(ref _dropped);
            return default;
        }

        if (Keeps)
        {
            lock (_gate)
            {
                _kept.Add(() => HandAsync(handler, item, CancellationToken.None));
            }

            return default;
        }

        return HandAsync(handler, item, token);
    };

    private async ValueTask HandAsync(Func<T, CancellationToken, ValueTask> handler, T item, CancellationToken cancellationToken)
    {
        await handler(item, cancellationToken);
        if (Doubles)
        {
            await handler(item, cancellationToken);
        }
    }
}
