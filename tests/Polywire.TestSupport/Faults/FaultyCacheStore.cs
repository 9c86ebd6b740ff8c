using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Polywire.Caching;

namespace Polywire.TestSupport.Faults;

/// <summary>A cache store that fails, hangs and comes back on order, over any other; while it is away it answers as its contract says.</summary>
public sealed class FaultyCacheStore(ICacheStore inner) : ICacheStore
{
    private readonly Channel<bool> _renewals = Channel.CreateUnbounded<bool>();

    /// <summary>What goes wrong, by the names of <see cref="ICacheStore"/>.</summary>
    public FaultPlan Faults { get; } = new(() => new CacheException(CacheFailure.Unavailable));

    /// <summary>Whether the service cannot be reached.</summary>
    public bool IsAway
    {
        get => Faults.IsAway;
        set => Faults.IsAway = value;
    }

    /// <summary>One entry for each renewal that was tried: whether it succeeded.</summary>
    public ChannelReader<bool> Renewals => _renewals.Reader;

    /// <inheritdoc/>
    public ValueTask<CacheRecord?> GetAsync(string key, CancellationToken cancellationToken) =>
        IsAway ? default : Faults.RunAsync(nameof(GetAsync), () => inner.GetAsync(key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CacheReadResult> ReadAsync(
        string key, DateTimeOffset readAt, DateTimeOffset? extendTo, CacheGuard? guard, CancellationToken cancellationToken) =>
        IsAway
            ? ValueTask.FromResult(new CacheReadResult { Outcome = CacheOutcome.Absent })
            : Faults.RunAsync(nameof(ReadAsync), () => inner.ReadAsync(key, readAt, extendTo, guard, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CacheOutcome> SetAsync(string key, CacheRecord record, CacheGuard? guard, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(SetAsync), () => inner.SetAsync(key, record, guard, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CacheOutcome> RemoveAsync(string key, CacheGuard? guard, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(RemoveAsync), () => inner.RemoveAsync(key, guard, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> KeysAsync(string prefix, CancellationToken cancellationToken) =>
        ListAsync(nameof(KeysAsync), () => inner.KeysAsync(prefix, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string prefix, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(CountAsync), () => inner.CountAsync(prefix, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> ClearAsync(string prefix, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(ClearAsync), () => inner.ClearAsync(prefix, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> PushAsync(string key, ReadOnlyMemory<byte> item, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(PushAsync), () => inner.PushAsync(key, item, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> PopAsync(string key, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(PopAsync), () => inner.PopAsync(key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> LengthAsync(string key, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(LengthAsync), () => inner.LengthAsync(key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> AcquireLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        IsAway
            ? default
            : Faults.RunAsync(nameof(AcquireLeaseAsync), () => inner.AcquireLeaseAsync(key, holder, duration, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> RenewLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var renewed = false;
        try
        {
            return renewed = await Faults.RunAsync(
                nameof(RenewLeaseAsync), () => inner.RenewLeaseAsync(key, holder, duration, cancellationToken), cancellationToken);
        }
        finally
        {
            _renewals.Writer.TryWrite(renewed);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseLeaseAsync(string key, string holder, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(ReleaseLeaseAsync), () => inner.ReleaseLeaseAsync(key, holder, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string?> GetLeaseHolderAsync(string key, CancellationToken cancellationToken) =>
        Faults.RunAsync(nameof(GetLeaseHolderAsync), () => inner.GetLeaseHolderAsync(key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> LeaseKeysAsync(string prefix, CancellationToken cancellationToken) =>
        ListAsync(nameof(LeaseKeysAsync), () => inner.LeaseKeysAsync(prefix, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<string> ListAsync(
        string method, Func<IAsyncEnumerable<string>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await Faults.RunAsync(method, () => ValueTask.FromResult(list()), cancellationToken);
        await foreach (var key in keys.WithCancellation(cancellationToken))
        {
            yield return key;
        }
    }
}
