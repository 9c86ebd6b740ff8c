using Polywire.Cluster;

namespace Polywire.Tests.Cluster;

public sealed class InProcessPresenceStoreTests : PresenceStoreContract
{
    protected override ValueTask<IPresenceStore> CreateStoreAsync() => new(new InProcessPresenceStore());
}
