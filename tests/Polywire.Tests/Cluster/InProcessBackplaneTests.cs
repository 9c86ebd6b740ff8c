using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Cluster;
using Polywire.Testing;

namespace Polywire.Tests.Cluster;

public sealed class InProcessBackplaneTests : BackplaneContract
{
    private readonly ManualTimeProvider _time = new();
    private InProcessBackplane? _backplane;

    protected override ValueTask<IBackplane> CreateBackplaneAsync() => new(_backplane ??= new InProcessBackplane(_time, NullLogger<InProcessBackplane>.Instance));

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
