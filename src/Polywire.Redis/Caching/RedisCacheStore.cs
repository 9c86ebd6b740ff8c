using Microsoft.Extensions.Options;
using Polywire.Caching;
using Polywire.Redis.Connection;
using Polywire.Redis.Scripts;
using StackExchange.Redis;

namespace Polywire.Redis.Caching;

/// <summary>The cache of a cluster on Redis: objects (cluster.md NO-15 to NO-20, NO-42). Safe to use concurrently.</summary>
internal sealed partial class RedisCacheStore : ICacheStore
{
    private const long Second = 1000;

    private static readonly RedisScript ReadScript = RedisScript.Load("read");
    private static readonly RedisScript NoteScript = RedisScript.Load("note");
    private static readonly RedisScript SetScript = RedisScript.Load("set");
    private static readonly RedisScript RemoveScript = RedisScript.Load("remove");

    private readonly RedisLink _link;
    private readonly CacheNames _names;
    private readonly TimeProvider _time;

    public RedisCacheStore(RedisLink link, IOptions<CacheOptions> options, TimeProvider time) =>
        (_link, _names, _time) = (link, new CacheNames(link, options), time);

    public async ValueTask<CacheRecord?> GetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            byte[]? text = await _link.CallAsync(database => database.StringGetAsync(_names.Of(key)), cancellationToken);
            return text is null ? null : CacheText.TryRead(text, out var record) ? record : throw new CacheException(CacheFailure.WrongKind);
        }
        catch (ClusterNotReachableException)
        {
            return null;
        }
        catch (RedisServerException exception)
        {
            return IsWrongKind(exception) ? throw new CacheException(CacheFailure.WrongKind, exception) : null;
        }
    }

    public async ValueTask<CacheReadResult> ReadAsync(
        string key, DateTimeOffset readAt, DateTimeOffset? extendTo, CacheGuard? guard, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (RedisResult[])(await _link.RunAsync(
                ReadScript,
                KeysOf(key, guard),
                [.. Guard(guard), readAt.ToUnixTimeMilliseconds(), extendTo is { } expiry ? expiry.ToUnixTimeMilliseconds() : RedisValue.EmptyString, LifetimeOf(extendTo)],
                cancellationToken))!;
            return (string?)answer[0] switch
            {
                "refused" => new CacheReadResult { Outcome = CacheOutcome.Refused },
                "absent" => new CacheReadResult { Outcome = CacheOutcome.Absent },
                "kind" => throw new CacheException(CacheFailure.WrongKind),
                "foreign" => await ReadForeignAsync(key, (byte[])answer[1]!, readAt, extendTo, cancellationToken),
                _ => Known(answer),
            };
        }
        catch (ClusterNotReachableException)
        {
            return new CacheReadResult { Outcome = CacheOutcome.Absent };
        }
    }

    public async ValueTask<CacheOutcome> SetAsync(string key, CacheRecord record, CacheGuard? guard, CancellationToken cancellationToken) =>
        OutcomeOf(await RunAsync(SetScript, KeysOf(key, guard), [.. Guard(guard), CacheText.Write(record), LifetimeOf(record.ExpiresAt)], cancellationToken));

    public async ValueTask<CacheOutcome> RemoveAsync(string key, CacheGuard? guard, CancellationToken cancellationToken) =>
        OutcomeOf(await RunAsync(RemoveScript, KeysOf(key, guard), Guard(guard), cancellationToken));

    private static CacheOutcome OutcomeOf(RedisResult answer) => (string?)answer switch
    {
        "done" => CacheOutcome.Done,
        "absent" => CacheOutcome.Absent,
        _ => CacheOutcome.Refused,
    };

    private static RedisValue[] Guard(CacheGuard? guard) =>
        guard is { } given ? [given.Holder, given.MustHold ? "held" : "free"] : [RedisValue.EmptyString, "none"];

    private static bool IsWrongKind(RedisServerException exception) => exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private RedisKey[] KeysOf(string key, CacheGuard? guard) => [_names.Of(key), _names.Of(guard is { } given ? given.LeaseKey : key)];

    // A second more than it can be loaded, so that expired can be told from absent.
    private RedisValue LifetimeOf(DateTimeOffset? expiresAt) =>
        expiresAt is { } expiry
            ? (Math.Max(0, (long)Math.Ceiling((expiry - _time.GetUtcNow()).TotalSeconds)) + 1) * Second
            : RedisValue.EmptyString;

    private static CacheReadResult Known(RedisResult[] answer)
    {
        if (!CacheText.TryFindValue((byte[])answer[1]!, out var value))
        {
            throw new CacheException(CacheFailure.WrongKind);
        }

        return new CacheReadResult
        {
            Outcome = CacheOutcome.Done,
            Record = new CacheRecord
            {
                Value = value,
                ExpiresAt = CacheText.TimeOf((byte[])answer[2]!),
                CreatedAt = CacheText.TimeOf((byte[])answer[3]!) ?? DateTimeOffset.UnixEpoch,
                ReadAt = CacheText.TimeOf((byte[])answer[4]!),
            },
        };
    }

    // Its read is noted once, if nobody has written meanwhile; if that is lost, the time of the read is.
    private async ValueTask<CacheReadResult> ReadForeignAsync(
        string key, byte[] text, DateTimeOffset readAt, DateTimeOffset? extendTo, CancellationToken cancellationToken)
    {
        if (!CacheText.TryRead(text, out var record))
        {
            throw new CacheException(CacheFailure.WrongKind);
        }

        if (!record.IsExpired(readAt))
        {
            await NoteAsync(key, text, readAt, record.ExpiresAt is null ? null : extendTo, cancellationToken);
        }

        return new CacheReadResult { Outcome = CacheOutcome.Done, Record = record };
    }

    private async Task NoteAsync(string key, byte[] text, DateTimeOffset readAt, DateTimeOffset? expiry, CancellationToken cancellationToken)
    {
        try
        {
            await _link.RunAsync(NoteScript, [_names.Of(key)], [text, CacheText.WithTimes(text, readAt, expiry), LifetimeOf(expiry)], cancellationToken);
        }
        catch (Exception exception) when (exception is ClusterNotReachableException or InvalidOperationException)
        {
            // Not answered, or a name in it that is no text: the object is in hand all the same.
        }
    }

    private async Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken)
    {
        try
        {
            return await _link.RunAsync(script, keys, values, cancellationToken);
        }
        catch (ClusterNotReachableException exception)
        {
            throw new CacheException(CacheFailure.Unavailable, exception);
        }
    }

    private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        try
        {
            return await _link.CallAsync(command, cancellationToken);
        }
        catch (ClusterNotReachableException exception)
        {
            throw new CacheException(CacheFailure.Unavailable, exception);
        }
        catch (RedisServerException exception)
        {
            throw new CacheException(IsWrongKind(exception) ? CacheFailure.WrongKind : CacheFailure.Unavailable, exception);
        }
    }
}
