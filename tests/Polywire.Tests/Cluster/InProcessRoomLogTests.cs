using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Cluster;
using Polywire.Testing;
using Polywire.TestSupport.Contracts;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Cluster;

public sealed class InProcessRoomLogTests : RoomLogContract
{
    private readonly ManualTimeProvider _time = new();
    private readonly InProcessRoomLog _log;

    public InProcessRoomLogTests()
    {
        _log = new InProcessRoomLog(_time, NullLogger<InProcessRoomLog>.Instance);
    }

    [Fact]
    public async Task ThatARoomWasDestroyedIsForgottenAfterAnHour()
    {
        var bounds = new RoomLogBounds { Count = 1, Age = TimeSpan.FromMinutes(1) };
        await _log.AppendAsync("room", new RoomLogMessage { Body = new byte[] { 1 } }, bounds, default);
        await _log.DestroyAsync("room", default);

        _time.Advance(TimeSpan.FromMinutes(61));
        await _log.DestroyAsync("another", default);

        (await _log.AppendAsync("room", new RoomLogMessage { Body = new byte[] { 1 } }, bounds, default)).Result.ShouldBe(AppendResult.Appended);
    }

    protected override ValueTask<IRoomLog> CreateLogAsync() => new(_log);

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
