using System.Text;
using Polywire.Redis.Rooms;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Rooms;

public sealed class MemberEntryTests
{
    private static readonly NodeIdentity Node = new("one");

    [Fact]
    public void NO13_AnEntryIsWrittenInItsOrder()
    {
        var entry = MemberEntry.Write(new RoomMember { Id = "a\"ü", JoinedAt = DateTimeOffset.FromUnixTimeMilliseconds(1700000000123) }, Node);

        Encoding.UTF8.GetString(entry).ShouldBe("{\"id\":\"a\\\"ü\",\"joinedAt\":1700000000123,\"host\":\"one\",\"node\":\"" + Node.Incarnation + "\"}");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("ünï \"node\":\"one/0\" \\ \n \0 {code}")]
    public void WhatWasWrittenIsRead(string id)
    {
        var member = new RoomMember { Id = id, JoinedAt = DateTimeOffset.FromUnixTimeMilliseconds(1700000000123) };

        var read = MemberEntry.Read(MemberEntry.Write(member, Node));

        read.ShouldBe(new StoredMember { Id = id, JoinedAt = member.JoinedAt, Host = "one", Node = Node.Incarnation });
    }

    [Theory]
    [InlineData("""{"id":"a","joinedAt":5,"host":"h"}""", "a", 5, "h")]
    [InlineData("""{"more":{"id":"no","deep":[1,{}]},"host":"h","joinedAt":5.0,"id":"a","node":null}""", "a", 5, "h")]
    [InlineData(""" {"id":"a","joinedAt":5e3,"host":7} """, "a", 5000, "")]
    public void NO13_AnEntryOfAnotherProgramIsRead(string json, string id, long joinedAt, string host) =>
        MemberEntry.Read(Encoding.UTF8.GetBytes(json))
            .ShouldBe(new StoredMember { Id = id, JoinedAt = DateTimeOffset.FromUnixTimeMilliseconds(joinedAt), Host = host, Node = null });

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("{}")]
    [InlineData("""{"id":"a"}""")]
    [InlineData("""{"joinedAt":5}""")]
    [InlineData("""{"id":7,"joinedAt":5}""")]
    [InlineData("""{"id":"a","joinedAt":"5"}""")]
    [InlineData("""{"id":"a","joinedAt":1e300}""")]
    [InlineData("""{"id":"a","joinedAt":5""")]
    [InlineData("""{"id":"a","joinedAt":5}}""")]
    [InlineData("""{"id":"a","joinedAt":5} x""")]
    [InlineData("""{"id":"\ud800","joinedAt":5}""")]
    public void NO13_WhatIsNoEntryIsNone(string json) => MemberEntry.Read(Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Fact]
    public void AnEntryThatIsCutIsNone()
    {
        var entry = MemberEntry.Write(StoreNode.Member("a"), Node);

        for (var length = 0; length < entry.Length; length++)
        {
            MemberEntry.Read(entry.AsSpan(0, length)).ShouldBeNull();
        }
    }

    [Fact]
    public void NO13_TheMarkOfAnIncarnationIsInItsEntriesAndInNoOther()
    {
        var mark = MemberEntry.MarkOf(Node.Incarnation);
        var another = new NodeIdentity("one");

        MemberEntry.Write(StoreNode.Member("a"), Node).AsSpan().IndexOf(mark).ShouldBeGreaterThan(0);
        MemberEntry.Write(StoreNode.Member(Encoding.UTF8.GetString(mark)), another).AsSpan().IndexOf(mark).ShouldBe(-1);
    }
}
