namespace Polywire.Tests.Rooms;

public sealed class InProcessPresenceStoreTests : PresenceStoreContract
{
    protected override ValueTask<IPresenceStore> CreateStoreAsync() => new(new InProcessPresenceStore());
}
