using Polywire.Sockhop.Peer;
using Polywire.Testing;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests.Peer;

public class RequestTableTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void FindsARequestOnce_ByTheIdThatWasSent()
    {
        using var table = Table();
        var (first, second) = (Add(table), Add(table));

        table.Take(Id(table, second)).ShouldBeSameAs(second);
        table.Take(Id(table, second)).ShouldBeNull();
        table.Take(Id(table, first)).ShouldBeSameAs(first);
        table.Count.ShouldBe(0);
    }

    [Fact]
    public void KnowsNoIdOfOthers()
    {
        using var table = Table();
        using var other = Table();
        var foreign = Id(other, Add(other));
        table.Take(foreign).ShouldBeNull();
        Add(table);

        table.Take(foreign).ShouldBeNull();
        table.Take([]).ShouldBeNull();
        table.Take("00000000-0000-0000-0000-000000000001"u8).ShouldBeNull();
    }

    [Fact]
    public void KnowsNoLateAnswer()
    {
        using var table = Table();
        var request = Add(table, seconds: 1);
        var id = Id(table, request);

        _clock.Advance(TimeSpan.FromSeconds(1));

        table.Take(id).ShouldBeNull();
    }

    [Fact]
    public async Task EndsEachInItsTime_WhateverTheOrderTheyCameIn()
    {
        using var table = Table();
        PendingReply<string>[] requests = [Add(table, 3), Add(table), Add(table, 1), Add(table, 2)];

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        table.Count.ShouldBe(4);
        foreach (var request in new[] { requests[2], requests[3], requests[0] })
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await Should.ThrowAsync<SockhopException>(request.Task.WithinLimit())).Code.ShouldBe(SockhopErrorCodes.ReplyTimeout);
        }

        table.Snapshot().ShouldBe([requests[1]]);
    }

    [Fact]
    public void TakesNoMoreThanAllowed_UntilOneIsAnswered()
    {
        using var table = Table(limit: 2);
        var first = Add(table);
        Add(table);

        Should.Throw<SockhopException>(() => Add(table)).Code.ShouldBe(SockhopErrorCodes.TooManyRequests);
        table.Take(Id(table, first));
        Add(table);

        table.Count.ShouldBe(2);
    }

    [Fact]
    public void GivesAllUpInTheOrderTheyWereMade()
    {
        using var table = Table();
        table.TakeAll().ShouldBeEmpty();
        PendingRequest[] requests = [Add(table), Add(table), Add(table), Add(table)];
        table.Take(Id(table, (PendingReply<string>)requests[0]));
        var added = Add(table);

        table.TakeAll().ShouldBe([requests[1], requests[2], requests[3], added]);
        table.Count.ShouldBe(0);
    }

    [Fact]
    public void ExpiresNothing_OnceItIsDisposedOf()
    {
        var table = Table();
        var request = Add(table, seconds: 1);

        table.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(2));

        table.Snapshot().ShouldBe([request]);
    }

    [Fact]
    public async Task EndsACancelledOne_AndKnowsNoAnswerToIt()
    {
        using var table = Table();
        using var source = new CancellationTokenSource();
        var request = Add(table);
        request.CancelWith(source.Token);

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(request.Task.WithinLimit());
        table.Take(Id(table, request)).ShouldBeNull();
    }

    private static byte[] Id(RequestTable table, PendingReply<string> request)
    {
        var id = new byte[RequestIds.Length];
        table.WriteId(request, id);
        return id;
    }

    private static PendingReply<string> Add(RequestTable table, int? seconds = null)
    {
        var request = new PendingReply<string>();
        table.Add(request, seconds is { } limit ? TimeSpan.FromSeconds(limit) : null);
        return request;
    }

    private RequestTable Table(int limit = 100) => new(_clock, limit);
}
