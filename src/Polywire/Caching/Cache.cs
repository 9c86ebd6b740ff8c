using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Bounds;
using Polywire.Json;

namespace Polywire.Caching;

/// <summary>The cache over a store: adds prefixes, JSON, expiry, and the rules of locks.</summary>
/// <remarks>Source: core.md section 8. Holds no state of its own, so it is as concurrent as its store.</remarks>
internal sealed partial class Cache : ICache
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly ICacheStore _store;
    private readonly PolywireJson _json;
    private readonly TimeProvider _time;
    private readonly ILogger<Cache> _logger;
    private readonly string _prefix;
    private readonly string _lockPrefix;
    private readonly TimeSpan _lockDuration;
    private readonly string _nodeId;
    private readonly string _nodeHolder;
    private readonly LogPause _foreignPause;

    public Cache(
        ICacheStore store,
        PolywireJson json,
        NodeIdentity node,
        IOptions<CacheOptions> options,
        TimeProvider time,
        ILogger<Cache> logger)
    {
        _store = store;
        _json = json;
        _time = time;
        _logger = logger;
        _foreignPause = new LogPause(time, TimeSpan.FromMinutes(1));
        _prefix = options.Value.Prefix;
        _lockPrefix = options.Value.LockPrefix;
        _lockDuration = options.Value.LockDuration;
        _nodeId = node.Id;
        _nodeHolder = options.Value.LockName ?? node.Id;
    }

    public async ValueTask SaveAsync<T>(
        string key,
        T value,
        TimeSpan? expiresIn = null,
        CacheLock? held = null,
        CancellationToken cancellationToken = default)
    {
        var guard = Guard(key, held);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, _json.GetTypeInfo<T>());
        var now = Now();
        var record = new CacheRecord { Value = bytes, CreatedAt = now, ExpiresAt = expiresIn is { } lifetime ? After(now, lifetime) : null };

        var outcome = await _store.SetAsync(_prefix + key, record, guard, cancellationToken);

        if (outcome is CacheOutcome.Refused)
        {
            throw Refusal(held);
        }
    }

    public async ValueTask<CacheEntry<T>?> LoadAsync<T>(
        string key,
        CacheLoadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (entry, _) = await ReadAsync<T>(key, options, cancellationToken);
        return entry;
    }

    public async ValueTask<CacheEntry<T>> LoadRequiredAsync<T>(
        string key,
        CacheLoadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (entry, miss) = await ReadAsync<T>(key, options, cancellationToken);
        return entry ?? throw new CacheException(miss);
    }

    public async ValueTask<bool> DestroyAsync(string key, CacheLock? held = null, CancellationToken cancellationToken = default)
    {
        var outcome = await _store.RemoveAsync(_prefix + key, Guard(key, held), cancellationToken);
        return outcome is CacheOutcome.Refused ? throw Refusal(held) : outcome is CacheOutcome.Done;
    }

    public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken = default) =>
        _store.KeysAsync(_prefix, cancellationToken);

    public ValueTask<long> SizeAsync(CancellationToken cancellationToken = default) =>
        _store.CountAsync(_prefix, cancellationToken);

    public ValueTask<long> ClearAsync(CancellationToken cancellationToken = default) =>
        _store.ClearAsync(_prefix, cancellationToken);

    private static CacheException Refusal(CacheLock? held) =>
        new(held is null ? CacheFailure.Locked : CacheFailure.LockLost);

    /// <summary>A time so far off that the calendar ends before it is as good as the calendar's end.</summary>
    private static DateTimeOffset After(DateTimeOffset now, TimeSpan span) =>
        span > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue
        : span < DateTimeOffset.MinValue - now ? DateTimeOffset.MinValue
        : now + span;

    /// <summary>Loads an object, or tells which miss it was.</summary>
    private async ValueTask<(CacheEntry<T>? Entry, CacheFailure Miss)> ReadAsync<T>(
        string key,
        CacheLoadOptions? options,
        CancellationToken cancellationToken)
    {
        var guard = Guard(key, options?.Held);
        var type = _json.GetTypeInfo<T>();
        var started = _time.GetTimestamp();
        while (true)
        {
            var now = Now();
            DateTimeOffset? extendTo = options?.ExtendBy is { } extension ? After(now, extension) : null;
            var read = await _store.ReadAsync(_prefix + key, now, extendTo, guard, cancellationToken);
            if (read.Outcome is CacheOutcome.Absent)
            {
                return (null, CacheFailure.NotFound);
            }

            if (read.Outcome is CacheOutcome.Refused)
            {
                // A lock that was lost stays lost: only another's lock is worth waiting for.
                if (options?.Held is not null || !await PauseAsync(started, options?.Retry, cancellationToken))
                {
                    throw Refusal(options?.Held);
                }

                continue;
            }

            var record = read.Record;
            if (record.IsExpired(now))
            {
                return (null, CacheFailure.Expired);
            }

            var entry = new CacheEntry<T>
            {
                Key = key,
                Value = JsonSerializer.Deserialize(record.Value.Span, type)!,
                ExpireTimestamp = record.ExpiresAt is null ? null : extendTo ?? record.ExpiresAt,
                CreatedAt = record.CreatedAt,
                ReadAt = now,
                LastReadAt = record.ReadAt,
            };
            return (entry, default);
        }
    }

    private CacheGuard Guard(string key, CacheLock? held)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (held is null)
        {
            return new CacheGuard { LeaseKey = _lockPrefix + key, Holder = _nodeHolder, MustHold = false };
        }

        if (!string.Equals(held.Key, key, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The lock is on \"{held.Key}\", not on \"{key}\".", nameof(held));
        }

        return new CacheGuard { LeaseKey = _lockPrefix + key, Holder = held.Holder, MustHold = true };
    }

    /// <summary>Waits until it is time to ask again.</summary>
    /// <returns><see langword="false"/> if <paramref name="patience"/>, counted from <paramref name="started"/>, is used up.</returns>
    private async ValueTask<bool> PauseAsync(long started, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var remaining = (patience ?? TimeSpan.Zero) - _time.GetElapsedTime(started);
        if (remaining <= TimeSpan.Zero)
        {
            return false;
        }

        await Task.Delay(remaining < PollInterval ? remaining : PollInterval, _time, cancellationToken);
        return true;
    }

    /// <summary>Whole milliseconds: the precision of every store and of every answer.</summary>
    private DateTimeOffset Now()
    {
        var now = _time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
