using System.Text;
using Polywire.Outbound;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Outbound;

public sealed class OutboundQueueTests : IOutboundOwner
{
    private readonly ManualPipeWriter _pipe = new();
    private readonly List<int> _overflows = [];
    private readonly List<Exception?> _failures = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void WritesNothingBeforeAFlush()
    {
        var queue = Make();

        Add(queue, "a").ShouldBeTrue();
        Add(queue, "b").ShouldBeTrue();

        _pipe.Writes.ShouldBeEmpty();
        (queue.QueuedBytes, queue.QueuedMessages).ShouldBe((2, 2));
    }

    [Fact]
    public void MessagesThatWaitTogetherLeaveInOneWrite()
    {
        var queue = Make();
        for (var i = 0; i < 10; i++)
        {
            Add(queue, $"{i}");
        }

        queue.Flush();

        Encoding.UTF8.GetString(_pipe.Writes.ShouldHaveSingleItem()).ShouldBe("0123456789");
        (queue.QueuedBytes, queue.QueuedMessages).ShouldBe((0, 0));
    }

    [Fact]
    public void NoWriteEverEndsInsideAMessage()
    {
        var random = new Random(Seed.Value);
        var queue = Make();
        var sent = new StringBuilder();
        _pipe.Holds = true;
        for (var i = 0; i < 3_000; i++)
        {
            var message = $"<{new string((char)('a' + (i % 26)), random.Next(6) == 0 ? random.Next(40_000) : random.Next(200))}>";
            sent.Append(message);
            (random.Next(2) == 0 ? Add(queue, message) : queue.AddShared(Encoding.UTF8.GetBytes(message)) == Delivery.Delivered).ShouldBeTrue();
            queue.Flush();
            if (random.Next(3) == 0)
            {
                _pipe.Release();
            }
        }

        while (queue.QueuedMessages > 0)
        {
            _pipe.Release();
        }

        _pipe.Text.ShouldBe(sent.ToString());
        _pipe.Writes.All(write => write[0] == '<' && write[^1] == '>').ShouldBeTrue($"Repeat with {Seed.Variable}={Seed.Value}");
    }

    [Fact]
    public void OneWriteGoesOnAtATime()
    {
        var queue = Make();
        _pipe.Holds = true;
        Add(queue, "a");
        queue.Flush();
        Add(queue, "b");
        queue.Flush();

        _pipe.Text.ShouldBe("a");
        _pipe.Release();
        _pipe.Text.ShouldBe("ab");
        _pipe.Release();

        queue.QueuedMessages.ShouldBe(0);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void TakesBytesUpToTheLimit(int bytes, bool taken)
    {
        var queue = Make(maxBytes: 100);
        Add(queue, new string('x', 40)).ShouldBeTrue();

        Add(queue, new string('y', bytes - 40)).ShouldBe(taken);

        _overflows.ShouldBe(taken ? [] : [2]);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void TakesMessagesUpToTheLimit(int messages, bool taken)
    {
        var queue = Make(maxMessages: 3);
        for (var i = 1; i < messages; i++)
        {
            Add(queue, "x").ShouldBeTrue();
        }

        Add(queue, "y").ShouldBe(taken);

        _overflows.ShouldBe(taken ? [] : [4]);
    }

    [Theory]
    [InlineData(4095, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void SharedMessagesCountAsTheOthersDo(int bytes, bool taken)
    {
        var queue = Make(maxBytes: 4096);

        queue.AddShared(new byte[bytes]).ShouldBe(taken ? Delivery.Delivered : Delivery.Dropped);

        _overflows.ShouldBe(taken ? [] : [1]);
    }

    [Fact]
    public void WhatIsBeingWrittenCountsUntilItIsOut()
    {
        var queue = Make(maxBytes: 10);
        _pipe.Holds = true;
        Add(queue, "12345678");
        queue.Flush();

        queue.QueuedBytes.ShouldBe(8);
        Add(queue, "12").ShouldBeTrue();
        _pipe.Release();
        _pipe.Release();
        Add(queue, "1234567890").ShouldBeTrue();

        _overflows.ShouldBeEmpty();
    }

    [Fact]
    public void AnOverflowIsToldOnceAndNothingIsTakenAfterIt()
    {
        var queue = Make(maxMessages: 2);
        _pipe.Holds = true;
        Add(queue, "a");
        queue.Flush();
        Add(queue, "b");

        Add(queue, "c").ShouldBeFalse();
        Add(queue, "d").ShouldBeFalse();
        queue.AddShared(new byte[5000]).ShouldBe(Delivery.Closed);
        queue.Flush();
        _pipe.Release();

        _overflows.ShouldBe([3]);
        _pipe.Text.ShouldBe("a");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MessagesOfEachAdderStayInOrder(bool outputCollects)
    {
        const int Adders = 4;
        const int Each = 2_000;
        var queue = Make(outputCollects: outputCollects);

        await Task.WhenAll(Enumerable.Range(0, Adders).Select(adder => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var message = $"{adder}:{i}{(i % 50 == 0 ? new string(' ', 3000) : "")}\n";
                (i % 3 == 0 ? queue.SendShared(Encoding.UTF8.GetBytes(message)) == Delivery.Delivered : Add(queue, message)).ShouldBeTrue();
                if (i % 7 == 0)
                {
                    queue.Flush();
                }
            }
        }))).WithinLimit();
        await queue.CompleteAsync().WithinLimit();

        var lines = _pipe.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        lines.Length.ShouldBe(Adders * Each);
        for (var adder = 0; adder < Adders; adder++)
        {
            lines.Where(line => line.StartsWith($"{adder}:", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(0, Each).Select(i => $"{adder}:{i}"));
        }
    }

    [Fact]
    public void ASharedMessageStaysBehindWhatWaits()
    {
        var queue = Make(outputCollects: true);
        _pipe.Holds = true;
        queue.SendShared("a"u8.ToArray()).ShouldBe(Delivery.Delivered);
        queue.SendShared("b"u8.ToArray()).ShouldBe(Delivery.Delivered);
        Add(queue, "c");
        queue.SendShared(Encoding.UTF8.GetBytes(new string('d', 5000))).ShouldBe(Delivery.Delivered);

        (queue.QueuedBytes, queue.QueuedMessages).ShouldBe((5003, 4));
        while (queue.QueuedMessages > 0)
        {
            _pipe.Release();
        }

        _pipe.Text.ShouldBe($"abc{new string('d', 5000)}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASharedMessageBeyondTheLimitIsAnOverflow(bool outputCollects)
    {
        var queue = Make(maxBytes: 10, outputCollects: outputCollects);

        queue.SendShared(new byte[11]).ShouldBe(Delivery.Dropped);
        queue.SendShared(new byte[1]).ShouldBe(Delivery.Closed);

        _overflows.ShouldBe([1]);
        _pipe.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoSharedMessageIsTakenAfterTheEnd(bool outputCollects)
    {
        var queue = Make(outputCollects: outputCollects);
        await queue.CompleteAsync().WithinLimit();

        queue.SendShared("late"u8.ToArray()).ShouldBe(Delivery.Closed);

        _pipe.Writes.ShouldBeEmpty();
        _overflows.ShouldBeEmpty();
    }

    [Fact]
    public async Task NothingComesAfterTheLastMessage()
    {
        for (var round = 0; round < 50; round++)
        {
            var queue = Make();
            var others = Task.Run(() =>
            {
                while (queue.SendShared("other"u8.ToArray()) == Delivery.Delivered)
                {
                }
            });

            await queue.CompleteAsync("bye"u8).WithinLimit();
            await others.WithinLimit();

            Encoding.UTF8.GetString(_pipe.Writes[^1]).ShouldEndWith("bye");
        }
    }

    [Fact]
    public async Task IsQuietWhenTheWriteThatGoesOnHasEnded_EvenAfterAnAbort()
    {
        var queue = Make();
        queue.WhenQuietAsync().IsCompleted.ShouldBeTrue();
        _pipe.Holds = true;
        Add(queue, "a");
        queue.Flush();
        queue.Abort();

        var quiet = queue.WhenQuietAsync();
        quiet.IsCompleted.ShouldBeFalse();
        _pipe.Release();

        await quiet.WithinLimit();
        queue.IsAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task CompletesWhenAllThatWaitedIsOut()
    {
        var queue = Make();
        _pipe.Holds = true;
        Add(queue, "a");
        queue.Flush();
        Add(queue, "b");

        var complete = queue.CompleteAsync();
        Add(queue, "c").ShouldBeFalse();
        complete.IsCompleted.ShouldBeFalse();
        _pipe.Release();
        complete.IsCompleted.ShouldBeFalse();
        _pipe.Release();

        await complete.WithinLimit();
        _pipe.Text.ShouldBe("ab");
        await queue.CompleteAsync().WithinLimit();
        _overflows.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnAbortDropsWhatWaitsAndEndsEveryWait()
    {
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(folder.Write("file", "content"));
        var queue = Make();
        _pipe.Holds = true;
        Add(queue, "a");
        queue.Flush();
        Add(queue, "b");
        var file = queue.SendFileAsync(new OutboundFile(handle, 7));
        var complete = queue.CompleteAsync();

        queue.Abort();

        await complete.WithinLimit();
        (await file.WithinLimit()).ShouldBeFalse();
        _pipe.Release();
        _pipe.Text.ShouldBe("a");
        Add(queue, "c").ShouldBeFalse();
        (await queue.SendFileAsync(new OutboundFile(handle, 7)).WithinLimit()).ShouldBeFalse();
        _failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileGoesOutBetweenTheMessagesAroundIt()
    {
        using var folder = new TemporaryFolder();
        var content = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i % 10}"));
        using var handle = File.OpenHandle(folder.Write("file", content), options: FileOptions.Asynchronous);
        var queue = Make(maxBytes: 1000);
        Add(queue, "<before>");

        var file = queue.SendFileAsync(new OutboundFile(handle, content.Length));
        Add(queue, "<after>").ShouldBeTrue();
        queue.Flush();

        (await file.WithinLimit()).ShouldBeTrue();
        await queue.CompleteAsync().WithinLimit();
        _pipe.Text.ShouldBe($"<before>{content}<after>");
    }

    [Fact]
    public async Task OnlyTheBytesThatWereAnnouncedAreSent()
    {
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(folder.Write("file", new string('x', 200_000)));
        var queue = Make();

        (await queue.SendFileAsync(new OutboundFile(handle, 150_000)).WithinLimit()).ShouldBeTrue();

        _pipe.Text.Length.ShouldBe(150_000);
    }

    [Fact]
    public async Task AFileThatShrinksEndsTheConnection()
    {
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(folder.Write("file", "short"));
        var queue = Make();
        Add(queue, "<before>");

        (await queue.SendFileAsync(new OutboundFile(handle, 100)).WithinLimit()).ShouldBeFalse();

        await _failed.Task.WithinLimit();
        _failures.ShouldHaveSingleItem().ShouldBeOfType<EndOfStreamException>();
        Add(queue, "<after>").ShouldBeFalse();
    }

    [Fact]
    public async Task APeerThatStopsReadingDuringAFileEndsIt()
    {
        using var folder = new TemporaryFolder();
        using var handle = File.OpenHandle(folder.Write("file", new string('x', 200_000)));
        var queue = Make();
        _pipe.IsEnded = true;

        (await queue.SendFileAsync(new OutboundFile(handle, 200_000)).WithinLimit()).ShouldBeFalse();

        await _failed.Task.WithinLimit();
        _failures.ShouldBe([null]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AWriteThatFailsIsToldOnceAndEndsEveryWait(bool later)
    {
        var queue = Make();
        var failure = new IOException("reset");
        if (later)
        {
            _pipe.Holds = true;
        }
        else
        {
            _pipe.Failure = failure;
        }

        Add(queue, "a");
        var complete = Task.CompletedTask;
        if (later)
        {
            queue.Flush();
            Add(queue, "b");
            complete = queue.CompleteAsync();
            _pipe.Break(failure);
        }
        else
        {
            queue.Flush();
        }

        await complete.WithinLimit();
        queue.Flush();
        _failures.ShouldBe([failure]);
        Add(queue, "c").ShouldBeFalse();
        await queue.CompleteAsync().WithinLimit();
        _overflows.ShouldBeEmpty();
    }

    [Fact]
    public void APeerThatStoppedReadingIsToldWithoutAnException()
    {
        var queue = Make();
        _pipe.Holds = true;
        Add(queue, "a");
        queue.Flush();
        Add(queue, "b");

        _pipe.Release(ended: true);

        _failures.ShouldBe([null]);
        _pipe.Text.ShouldBe("a");
    }

    void IOutboundOwner.OnOverflow(int droppedMessages) => _overflows.Add(droppedMessages);

    void IOutboundOwner.OnWriteFailed(Exception? exception)
    {
        _failures.Add(exception);
        _failed.TrySetResult();
    }

    private static bool Add(OutboundQueue queue, string message) => queue.TryAdd(Encoding.UTF8.GetBytes(message));

    private OutboundQueue Make(int maxBytes = 100_000_000, int maxMessages = 100_000, bool outputCollects = false) =>
        new(_pipe, new OutboundLimits(maxBytes, maxMessages), this, outputCollects);
}
