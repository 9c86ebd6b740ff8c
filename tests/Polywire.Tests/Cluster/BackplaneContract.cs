using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Cluster;

/// <summary>What every <see cref="IBackplane"/> guarantees; derive from it for each implementation.</summary>
public abstract class BackplaneContract : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private IBackplane? _one;
    private IBackplane? _two;

    /// <summary>Makes the backplane of one node; all that are made for a test are linked.</summary>
    protected abstract ValueTask<IBackplane> CreateBackplaneAsync();

    /// <summary>Lets time pass for requests that wait.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    /// <summary>Gives back what the backplanes hold.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task OtherNodesHearAndTheSpeakerDoesNot()
    {
        var (one, two) = await LinkAsync();
        var heard = new Inbox();
        await using var a = await one.SubscribeAsync("channel", "one", heard.As("one"), default);
        await using var b = await two.SubscribeAsync("channel", "two", heard.As("two"), default);
        await using var c = await two.SubscribeAsync("another", "two", heard.As("elsewhere"), default);

        await one.PublishAsync("channel", "one", Bytes("hello"), default);
        await two.PublishAsync("channel", "two", Bytes("hello back"), default);

        (await heard.TakeAsync(2)).Order().ShouldBe(["one:hello back", "two:hello"]);
    }

    [Fact]
    public async Task PublishingToNobodyIsFine()
    {
        var (one, _) = await LinkAsync();

        await one.PublishAsync("nobody", "one", Bytes("hello"), default);
    }

    [Fact]
    public async Task MessagesOfOneOriginArriveInOrderAndWhole()
    {
        var (one, two) = await LinkAsync();
        var heard = new Inbox();
        await using var subscription = await two.SubscribeAsync("channel", "two", heard.As("two"), default);

        for (var i = 0; i < 200; i++)
        {
            await one.PublishAsync("channel", "one", Bytes($"{i} {new string('x', i * 7)}"), default);
        }

        (await heard.TakeAsync(200)).ShouldBe(Enumerable.Range(0, 200).Select(i => $"two:{i} {new string('x', i * 7)}"));
    }

    [Fact]
    public async Task WhoHasUnsubscribedHearsNothing()
    {
        var (one, two) = await LinkAsync();
        var heard = new Inbox();
        var gone = await two.SubscribeAsync("channel", "two", heard.As("gone"), default);
        await using var stays = await two.SubscribeAsync("channel", "two", heard.As("stays"), default);

        await gone.DisposeAsync();
        await gone.DisposeAsync();
        await one.PublishAsync("channel", "one", Bytes("hello"), default);

        (await heard.TakeAsync(1)).ShouldBe(["stays:hello"]);
    }

    [Fact]
    public async Task TheFirstAnswerThatIsNotNullIsTaken()
    {
        var (one, two) = await LinkAsync();
        await using var ignorant = await two.RespondAsync("channel", "three", (_, _) => default, default);
        await using var knowing = await two.RespondAsync("channel", "two", (question, _) => Answer($"{Text(question)}!"), default);
        await using var self = await one.RespondAsync("channel", "one", (_, _) => Answer("my own"), default);

        var answer = await one.RequestAsync("channel", "one", Bytes("who"), Long, default).WithinLimit();

        Text(answer.ShouldNotBeNull()).ShouldBe("who!");
    }

    [Fact]
    public async Task ARequestThatNobodyAnswersEndsAtOnce()
    {
        var (one, two) = await LinkAsync();
        await using var self = await one.RespondAsync("channel", "one", (_, _) => Answer("my own"), default);
        await using var listener = await two.SubscribeAsync("channel", "two", (_, _) => default, default);

        (await one.RequestAsync("channel", "one", Bytes("who"), Long, default).WithinLimit()).ShouldBeNull();
        (await one.RequestAsync("nobody", "one", Bytes("who"), Long, default).WithinLimit()).ShouldBeNull();
    }

    [Fact]
    public async Task ARequestThatIsNotAnsweredInTimeEndsWithNull()
    {
        var (one, two) = await LinkAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<ReadOnlyMemory<byte>?>();
        await using var slow = await two.RespondAsync("channel", "two", async (_, _) =>
        {
            asked.SetResult();
            return await never.Task;
        }, default);

        var request = one.RequestAsync("channel", "one", Bytes("who"), TimeSpan.FromSeconds(5), default).AsTask();
        await asked.Task.WithinLimit();
        request.IsCompleted.ShouldBeFalse();
        await AdvanceAsync(TimeSpan.FromSeconds(6));

        (await request.WithinLimit()).ShouldBeNull();
        never.SetResult(null);
    }

    [Fact]
    public async Task ARequestMayBeCancelled()
    {
        var (one, two) = await LinkAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<ReadOnlyMemory<byte>?>();
        await using var slow = await two.RespondAsync("channel", "two", async (_, _) =>
        {
            asked.SetResult();
            return await never.Task;
        }, default);
        using var source = new CancellationTokenSource();

        var request = one.RequestAsync("channel", "one", Bytes("who"), Long, source.Token).AsTask();
        await asked.Task.WithinLimit();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => request.WithinLimit());
        never.SetResult(null);
    }

    [Fact]
    public async Task AListenerThatFailsKeepsNothingFromTheOthers()
    {
        var (one, two) = await LinkAsync();
        var heard = new Inbox();
        await using var broken = await two.SubscribeAsync("channel", "two", (_, _) => throw new InvalidOperationException("broken"), default);
        await using var stays = await two.SubscribeAsync("channel", "three", heard.As("stays"), default);

        await one.PublishAsync("channel", "one", Bytes("hello"), default);

        (await heard.TakeAsync(1)).ShouldBe(["stays:hello"]);
    }

    [Fact]
    public async Task AnAnswererThatFailsKeepsNothingFromTheOthers()
    {
        var (one, two) = await LinkAsync();
        await using var broken = await two.RespondAsync("channel", "two", (_, _) => throw new InvalidOperationException("broken"), default);
        await using var knowing = await two.RespondAsync("channel", "three", (_, _) => Answer("here"), default);

        var answer = await one.RequestAsync("channel", "one", Bytes("who"), Long, default).WithinLimit();

        Text(answer.ShouldNotBeNull()).ShouldBe("here");
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static ValueTask<ReadOnlyMemory<byte>?> Answer(string text) => new(Bytes(text));

    private async ValueTask<(IBackplane One, IBackplane Two)> LinkAsync() =>
        (_one ??= await CreateBackplaneAsync(), _two ??= await CreateBackplaneAsync());

    private sealed class Inbox
    {
        private readonly System.Threading.Channels.Channel<string> _messages = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> As(string name) =>
            (message, _) => _messages.Writer.WriteAsync($"{name}:{Text(message)}", CancellationToken.None);

        public async Task<IReadOnlyList<string>> TakeAsync(int count)
        {
            var taken = new List<string>();
            while (taken.Count < count)
            {
                taken.Add(await _messages.Reader.ReadAsync().WithinLimit());
            }

            _messages.Reader.TryRead(out var surplus).ShouldBeFalse(surplus);
            return taken;
        }
    }
}
