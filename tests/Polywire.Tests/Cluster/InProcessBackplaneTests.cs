using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Cluster;
using Polywire.Testing;
using Polywire.TestSupport.Contracts;

namespace Polywire.Tests.Cluster;

public sealed class InProcessBackplaneTests : BackplaneContract
{
    private readonly ManualTimeProvider _time = new();
    private readonly InProcessBus _bus = new();

    protected override ValueTask<IBackplane> CreateBackplaneAsync(NodeIdentity node) =>
        new(new InProcessBackplane(_bus, node, _time, NullLogger<InProcessBackplane>.Instance));

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
