using Polywire.Redis.Scripts;

namespace Polywire.Redis.Caching;

/// <content>Locks and their fences (cluster.md NO-39 to NO-45).</content>
internal sealed partial class RedisCacheStore
{
    private static readonly RedisScript AcquireScript = RedisScript.Load("acquire");
    private static readonly RedisScript RenewScript = RedisScript.Load("renew");
    private static readonly RedisScript ReleaseScript = RedisScript.Load("release");

    // Beyond it the clock alone makes the next fence larger.
    private static readonly TimeSpan FenceKept = TimeSpan.FromDays(1);

    public async ValueTask<long?> AcquireLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        try
        {
            var fence = await _link.RunAsync(
                AcquireScript,
                [_names.Of(key), _names.FenceOf(key)],
                [holder, Milliseconds(duration), _time.GetUtcNow().ToUnixTimeMilliseconds(), Milliseconds(FenceKept)],
                cancellationToken);
            return fence.IsNull ? null : (long)fence;
        }
        catch (ClusterNotReachableException)
        {
            return null;
        }
    }

    public async ValueTask<bool> RenewLeaseAsync(string key, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        (long)await RunAsync(RenewScript, [_names.Of(key)], [holder, Milliseconds(duration)], cancellationToken) == 1;

    public async ValueTask<bool> ReleaseLeaseAsync(string key, string holder, CancellationToken cancellationToken) =>
        (long)await RunAsync(ReleaseScript, [_names.Of(key)], [holder], cancellationToken) == 1;

    public async ValueTask<string?> GetLeaseHolderAsync(string key, CancellationToken cancellationToken) =>
        await CallAsync(database => database.StringGetAsync(_names.Of(key)), cancellationToken);

    private static long Milliseconds(TimeSpan duration) => Math.Max(1, (long)duration.TotalMilliseconds);
}
