using Polywire.Redis.Rooms;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Rooms;

public sealed class NotedMembersTests
{
    private readonly NotedMembers _noted = new();

    [Fact]
    public void ARoomIsEmptyWithoutItsLastMembersOnly()
    {
        _noted.Add("room", ["a", "b"]);
        _noted.Add("room", ["b", "c"]);

        _noted.IsEmptyWithout("room", ["a", "b"]).ShouldBeFalse();
        _noted.IsEmptyWithout("room", ["a", "a", "b"]).ShouldBeFalse();
        _noted.IsEmptyWithout("room", ["a", "b", "c", "nobody"]).ShouldBeTrue();
        _noted.IsEmptyWithout("room", []).ShouldBeFalse();
        _noted.IsEmptyWithout("nowhere", []).ShouldBeTrue();
    }

    [Fact]
    public void NothingIsKeptOfARoomWithoutMembers()
    {
        _noted.Add("room", ["a", "b"]);
        _noted.Add("other", ["a"]);

        _noted.Remove("room", ["a"]);
        _noted.Of("room").ShouldBe(["b"]);
        _noted.Remove("room", ["b", "nobody"]);
        _noted.Remove("nowhere", ["a"]);
        _noted.Remove("other", _noted.Of("other"));

        _noted.Rooms.ShouldBeEmpty();
    }
}
