using System.Threading.Channels;
using Polywire.Caching;

namespace Polywire.Tests.Caching;

/// <summary>A store whose leases fail on demand, and which tells of every renewal.</summary>
internal sealed class FaultyCacheStore(ICacheStore inner) : ICacheStore
{
    private readonly Channel<bool> _renewals = Channel.CreateUnbounded<bool>();

    /// <summary>Whether renewing and releasing throw.</summary>
    public bool IsAway { get; set; }

    /// <summary>One entry for each renewal that was tried: whether it succeeded.</summary>
    public ChannelReader<bool> Renewals => _renewals.Reader;

    public ValueTask<CacheRecord?> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

    public ValueTask<CacheReadResult> ReadAsync(
        string key, DateTimeOffset readAt, DateTimeOffset? extendTo, CacheGuard? guard, CancellationToken cancellationToken) =>
        inner.ReadAsync(key, readAt, extendTo, guard, cancellationToken);

    public ValueTask<CacheOutcome> SetAsync(string key, CacheRecord record, CacheGuard? guard, CancellationToken cancellationToken) =>
        inner.SetAsync(key, record, guard, cancellationToken);

    public ValueTask<CacheOutcome> RemoveAsync(string key, CacheGuard? guard, CancellationToken cancellationToken) =>
        inner.RemoveAsync(key, guard, cancellationToken);

    public IAsyncEnumerable<string> KeysAsync(string prefix, CancellationToken cancellationToken) =>
        inner.KeysAsync(prefix, cancellationToken);

    public ValueTask<long> CountAsync(string prefix, CancellationToken cancellationToken) => inner.CountAsync(prefix, cancellationToken);

    public ValueTask<long> ClearAsync(string prefix, CancellationToken cancellationToken) => inner.ClearAsync(prefix, cancellationToken);

    public ValueTask<long> PushAsync(string key, ReadOnlyMemory<byte> item, CancellationToken cancellationToken) =>
        inner.PushAsync(key, item, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> PopAsync(string key, CancellationToken cancellationToken) =>
        inner.PopAsync(key, cancellationToken);

    public ValueTask<long> LengthAsync(string key, CancellationToken cancellationToken) => inner.LengthAsync(key, cancellationToken);

    public ValueTask<bool> AcquireLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.AcquireLeaseAsync(key, holder, duration, cancellationToken);

    public async ValueTask<bool> RenewLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var renewed = !IsAway && await inner.RenewLeaseAsync(key, holder, duration, cancellationToken);
        _renewals.Writer.TryWrite(renewed);
        return IsAway ? throw new IOException("the store is away") : renewed;
    }

    public ValueTask<bool> ReleaseLeaseAsync(string key, string holder, CancellationToken cancellationToken) =>
        IsAway ? throw new IOException("the store is away") : inner.ReleaseLeaseAsync(key, holder, cancellationToken);

    public ValueTask<string?> GetLeaseHolderAsync(string key, CancellationToken cancellationToken) =>
        inner.GetLeaseHolderAsync(key, cancellationToken);

    public IAsyncEnumerable<string> LeaseKeysAsync(string prefix, CancellationToken cancellationToken) =>
        inner.LeaseKeysAsync(prefix, cancellationToken);
}
