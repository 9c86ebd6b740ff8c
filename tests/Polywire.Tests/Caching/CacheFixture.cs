using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polywire.Caching;
using Polywire.Json;
using Polywire.TestSupport;
using Polywire.TestSupport.Faults;
using Polywire.Testing;
using Shouldly;

namespace Polywire.Tests.Caching;

/// <summary>Two nodes over one store, on a clock that stands still.</summary>
internal sealed class CacheFixture : IDisposable
{
    private readonly InProcessCacheStore _inner;

    public CacheFixture()
    {
        _inner = new InProcessCacheStore(Options.Create(Settings), Time);
        Store = new FaultyCacheStore(_inner);
        Cache = Node("node-1");
        Other = Node("node-2");
    }

    public ManualTimeProvider Time { get; } = new();

    public CacheOptions Settings { get; } = new();

    /// <summary>The store under the nodes, which a test may make fail.</summary>
    public FaultyCacheStore Store { get; }

    public Cache Cache { get; }

    public Cache Other { get; }

    public Cache Node(string id, CacheOptions? options = null) => new(
        Store,
        new PolywireJson(Options.Create(new PolywireJsonOptions())),
        new NodeIdentity(id),
        Options.Create(options ?? Settings),
        Time,
        NullLogger<Cache>.Instance);

    /// <summary>Advances the clock, each time something waits for it, until the task is done.</summary>
    /// <returns>How much time has passed.</returns>
    public async Task<TimeSpan> PassUntilAsync(Task done, TimeSpan step)
    {
        var start = Time.GetUtcNow();
        using var limit = new CancellationTokenSource(Within.Limit);
        while (!done.IsCompleted)
        {
            limit.IsCancellationRequested.ShouldBeFalse("not finished in time");
            Time.Advance(step);
            await Task.Yield();
        }

        return Time.GetUtcNow() - start;
    }

    public void Dispose() => _inner.Dispose();
}
