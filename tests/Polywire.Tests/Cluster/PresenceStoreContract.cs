using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Cluster;

/// <summary>What every <see cref="IPresenceStore"/> guarantees; derive from it for each implementation.</summary>
public abstract class PresenceStoreContract : IAsyncDisposable
{
    private IPresenceStore? _store;

    /// <summary>Makes an empty store. Called once for each test.</summary>
    protected abstract ValueTask<IPresenceStore> CreateStoreAsync();

    /// <summary>Gives back what the store holds.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task ARoomIsCreatedOnce()
    {
        var store = await StoreAsync();

        (await store.CreateAsync("room", default)).ShouldBeTrue();
        (await store.CreateAsync("room", default)).ShouldBeFalse();

        (await store.ExistsAsync("room", default)).ShouldBeTrue();
        (await store.ExistsAsync("ROOM", default)).ShouldBeFalse();
        (await store.RoomsAsync(default)).ShouldBe(["room"]);
    }

    [Fact]
    public async Task ARoomIsRemovedOnceWithItsMembers()
    {
        var store = await StoreAsync();
        await store.CreateAsync("room", default);
        await store.CreateAsync("other", default);
        await store.JoinAsync("room", "a", Bytes("1"), default);
        await store.JoinAsync("other", "a", Bytes("1"), default);

        (await store.RemoveAsync("room", default)).ShouldBeTrue();
        (await store.RemoveAsync("room", default)).ShouldBeFalse();

        (await store.ExistsAsync("room", default)).ShouldBeFalse();
        (await store.MembersAsync("room", default)).ShouldBeEmpty();
        (await store.MembersAsync("other", default)).Count.ShouldBe(1);
        await store.CreateAsync("room", default);
        (await store.MembersAsync("room", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ARoomThatDoesNotExistHasNoMembersAndTakesNone()
    {
        var store = await StoreAsync();

        (await store.JoinAsync("nowhere", "a", Bytes("1"), default)).ShouldBeFalse();
        (await store.LeaveAsync("nowhere", "a", default)).ShouldBeFalse();

        (await store.MembersAsync("nowhere", default)).ShouldBeEmpty();
        (await store.ExistsAsync("nowhere", default)).ShouldBeFalse();
        (await store.RoomsAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task KeepsTheDetailsOfEachMemberAsTheyWereGiven()
    {
        var store = await StoreAsync();
        await store.CreateAsync("room", default);
        var binary = new byte[] { 0, 255, 10, 13, 34 };

        (await store.JoinAsync("room", "a", binary, default)).ShouldBeTrue();
        (await store.JoinAsync("room", "b", Bytes("second"), default)).ShouldBeTrue();
        (await store.JoinAsync("room", "b", Bytes("replaced"), default)).ShouldBeTrue();

        var members = await store.MembersAsync("room", default);
        members.Keys.Order().ShouldBe(["a", "b"]);
        members["a"].ToArray().ShouldBe(binary);
        members["b"].ToArray().ShouldBe(Bytes("replaced"));
    }

    [Fact]
    public async Task AMemberLeavesOnce()
    {
        var store = await StoreAsync();
        await store.CreateAsync("room", default);
        await store.JoinAsync("room", "a", Bytes("1"), default);
        await store.JoinAsync("room", "b", Bytes("2"), default);

        (await store.LeaveAsync("room", "a", default)).ShouldBeTrue();
        (await store.LeaveAsync("room", "a", default)).ShouldBeFalse();

        (await store.MembersAsync("room", default)).Keys.ShouldBe(["b"]);
        (await store.ExistsAsync("room", default)).ShouldBeTrue();
    }

    [Fact]
    public async Task WhatWasReadDoesNotChange()
    {
        var store = await StoreAsync();
        await store.CreateAsync("room", default);
        await store.JoinAsync("room", "a", Bytes("1"), default);
        var members = await store.MembersAsync("room", default);

        await store.JoinAsync("room", "b", Bytes("2"), default);
        await store.LeaveAsync("room", "a", default);

        members.Keys.ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ünï:{code}*?[x]")]
    [InlineData("a\nb\0c")]
    public async Task TakesAnyName(string name)
    {
        var store = await StoreAsync();
        await store.CreateAsync(name, default);
        await store.CreateAsync("plain", default);

        (await store.JoinAsync(name, name, Bytes("1"), default)).ShouldBeTrue();

        (await store.MembersAsync(name, default)).Keys.ShouldBe([name]);
        (await store.MembersAsync("plain", default)).ShouldBeEmpty();
        (await store.RoomsAsync(default)).Order(StringComparer.Ordinal).ShouldBe(new[] { name, "plain" }.Order(StringComparer.Ordinal));
        (await store.RemoveAsync(name, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task OneOfManyCreatesTheRoomAndAllOfThemJoinIt()
    {
        var store = await StoreAsync();

        var created = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            var first = await store.CreateAsync("room", default);
            await store.JoinAsync("room", $"member {i}", Bytes("x"), default);
            return first;
        }))).WithinLimit();

        created.Count(first => first).ShouldBe(1);
        (await store.MembersAsync("room", default)).Count.ShouldBe(50);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async ValueTask<IPresenceStore> StoreAsync() => _store ??= await CreateStoreAsync();
}
