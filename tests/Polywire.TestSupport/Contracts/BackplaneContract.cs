using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Shouldly;
using Xunit;

namespace Polywire.TestSupport.Contracts;

/// <summary>What every <see cref="IBackplane"/> guarantees; derive from it for each implementation.</summary>
public abstract class BackplaneContract : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly BackplaneChannel Room = BackplaneChannel.Room("room");
    private static readonly BackplaneChannel Another = BackplaneChannel.Room("another");

    /// <summary>Makes the backplane of one node; all that are made for a test are linked.</summary>
    protected abstract ValueTask<IBackplane> CreateBackplaneAsync(NodeIdentity node);

    /// <summary>How long a question waits that is to stay without an answer.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(5);

    /// <summary>Lets time pass for questions that wait; does nothing where it passes by itself.</summary>
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
        var (one, two, _) = await LinkAsync();
        var heard = new Inbox();
        await using var a = await one.SubscribeAsync(Room, heard.As("one"), default);
        await using var b = await two.SubscribeAsync(Room, heard.As("two"), default);
        await using var c = await two.SubscribeAsync(Another, heard.As("elsewhere"), default);

        // Nodes may greet there.
        await using var d = await two.SubscribeAsync(
            BackplaneChannel.All, (message, token) => message.Type is "hello" or "bye" ? default : heard.As("all")(message, token), default);

        await one.PublishAsync(Room, "say", Said("hello"), default);
        await two.PublishAsync(Room, "say", Said("hello back"), default);

        (await heard.TakeAsync(2)).Order().ShouldBe(["one:hello back", "two:hello"]);
    }

    [Fact]
    public async Task AMessageTellsItsNodeAndType()
    {
        var identity = new NodeIdentity("speaker");
        var one = await StartAsync(identity);
        var two = await StartAsync(new NodeIdentity("listener"));
        var heard = Channel.CreateUnbounded<BackplaneMessage>();
        await using var a = await two.SubscribeAsync(BackplaneChannel.All, (message, token) => heard.Writer.WriteAsync(message, token), default);

        await one.PublishAsync(BackplaneChannel.All, "hello", Bytes("{}"), default);

        var message = await heard.Reader.ReadAsync().WithinLimit();
        (message.Node, message.Type, Text(message.Body)).ShouldBe((identity.Incarnation, "hello", "{}"));
    }

    [Fact]
    public async Task PublishingToNobodyIsFine()
    {
        var (one, _, _) = await LinkAsync();

        await one.PublishAsync(BackplaneChannel.Room("nobody"), "say", Said("hello", "nobody"), default);
    }

    [Fact]
    public async Task NO46_MessagesOfOneNodeArriveInOrderAndWhole()
    {
        var (one, two, _) = await LinkAsync();
        var heard = new Inbox();
        await using var subscription = await two.SubscribeAsync(Room, heard.As("two"), default);

        // Not awaited one by one: the order is that of the calls.
        await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(i => one.PublishAsync(Room, "say", Said($"{i} {new string('x', i * 7)}"), default).AsTask()).ToArray()).WithinLimit();

        (await heard.TakeAsync(200)).ShouldBe(Enumerable.Range(0, 200).Select(i => $"two:{i} {new string('x', i * 7)}"));
    }

    [Fact]
    public async Task NO30_ASlowHandlerHoldsUpItsOwnSubscriptionAndNothingElse()
    {
        var (one, two, _) = await LinkAsync();
        var (heard, others) = (new Inbox(), new Inbox());
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = await two.SubscribeAsync(
            Room,
            async (message, token) =>
            {
                await gate.Task;
                await heard.As("slow")(message, token);
            },
            default);
        await using var quick = await two.SubscribeAsync(Another, others.As("quick"), default);

        one.PublishAsync(Room, "say", Said("1"), default).AsTask().IsCompleted.ShouldBeTrue();
        one.PublishAsync(Room, "say", Said("2"), default).AsTask().IsCompleted.ShouldBeTrue();
        await one.PublishAsync(Another, "say", Said("3", "another"), default);

        (await others.TakeAsync(1)).ShouldBe(["quick:3"]);
        gate.SetResult();
        (await heard.TakeAsync(2)).ShouldBe(["slow:1", "slow:2"]);
    }

    [Fact]
    public async Task WhoHasUnsubscribedHearsNothing()
    {
        var (one, two, _) = await LinkAsync();
        var heard = new Inbox();
        var gone = await two.SubscribeAsync(Room, heard.As("gone"), default);
        await using var stays = await two.SubscribeAsync(Room, heard.As("stays"), default);

        await gone.DisposeAsync();
        await gone.DisposeAsync();
        await one.PublishAsync(Room, "say", Said("hello"), default);

        (await heard.TakeAsync(1)).ShouldBe(["stays:hello"]);
    }

    [Fact]
    public async Task AListenerThatFailsKeepsNothingFromTheOthersNorFromItself()
    {
        var (one, two, three) = await LinkAsync();
        var heard = new Inbox();
        var failed = false;
        await using var broken = await two.SubscribeAsync(
            Room,
            (message, token) =>
            {
                if (!failed)
                {
                    failed = true;
                    throw new InvalidOperationException("broken");
                }

                return heard.As("broken")(message, token);
            },
            default);
        await using var stays = await three.SubscribeAsync(Room, heard.As("stays"), default);

        await one.PublishAsync(Room, "say", Said("1"), default);
        await one.PublishAsync(Room, "say", Said("2"), default);

        (await heard.TakeAsync(3)).Order().ShouldBe(["broken:2", "stays:1", "stays:2"]);
    }

    [Fact]
    public async Task NO49_TheFirstAnswerIsTaken()
    {
        var (one, two, three) = await LinkAsync();
        await using var ignorant = await two.RespondAsync("who", (_, _) => default, default);
        await using var knowing = await three.RespondAsync("who", (question, _) => Answer($"[{Text(question)}]"), default);
        await using var self = await one.RespondAsync("who", (_, _) => Answer("\"my own\""), default);

        var reply = await one.AskAsync(Question("who"), default).WithinLimit();

        var answer = reply.Answers.ShouldHaveSingleItem();
        (answer.Node, Text(answer.Result), answer.Error).ShouldBe(("three", "[\"?\"]", null));
        reply.Silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task NO49_ThatNobodyHasItIsKnownAtOnce()
    {
        var (one, two, three) = await LinkAsync();
        await using var self = await one.RespondAsync("who", (_, _) => Answer("1"), default);
        await using var ignorant = await two.RespondAsync("who", (_, _) => default, default);
        await using var another = await three.RespondAsync("another", (_, _) => Answer("1"), default);

        foreach (var method in new[] { "who", "nothing" })
        {
            var reply = await one.AskAsync(Question(method), default).WithinLimit();

            reply.Answers.ShouldBeEmpty();
            reply.Silent.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task NO49_WhoIsSilentIsNamed()
    {
        var (one, two, _) = await LinkAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<ReadOnlyMemory<byte>?>();
        await using var slow = await two.RespondAsync(
            "who",
            async (_, _) =>
            {
                asked.SetResult();
                return await never.Task;
            },
            default);

        var question = one.AskAsync(Question("who") with { Timeout = Patience }, default).AsTask();
        await asked.Task.WithinLimit();
        question.IsCompleted.ShouldBeFalse();
        await AdvanceAsync(Patience + TimeSpan.FromSeconds(1));

        var reply = await question.WithinLimit();
        reply.Answers.ShouldBeEmpty();
        reply.Silent.ShouldBe(["two"]);
        never.SetResult(null);
    }

    [Fact]
    public async Task NO49_AllAnswerWhereAllAreAsked()
    {
        var (one, two, three) = await LinkAsync();
        await using var a = await two.RespondAsync("who", (_, _) => Answer("2"), default);
        await using var b = await three.RespondAsync("who", (_, _) => Answer("3"), default);

        var reply = await one.AskAsync(Question("who") with { All = true }, default).WithinLimit();

        reply.Answers.Select(answer => $"{answer.Node}:{Text(answer.Result)}").Order().ShouldBe(["three:3", "two:2"]);
        reply.Silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task OneNodeIsAskedWhereItIsNamed()
    {
        var (one, two, three) = await LinkAsync();
        await using var a = await two.RespondAsync("who", (_, _) => Answer("2"), default);
        await using var b = await three.RespondAsync("who", (_, _) => Answer("3"), default);

        var reply = await one.AskAsync(Question("who") with { Node = "three", All = true }, default).WithinLimit();

        reply.Answers.ShouldHaveSingleItem().Node.ShouldBe("three");
    }

    [Fact]
    public async Task NO49_ARefusalIsAnAnswer()
    {
        var (one, two, _) = await LinkAsync();
        await using var refusing = await two.RespondAsync("refuse", (_, _) => throw new ActionException("not you"), default);
        await using var broken = await two.RespondAsync("break", (_, _) => throw new InvalidOperationException("secret"), default);

        var refusal = (await one.AskAsync(Question("refuse"), default).WithinLimit()).Answers.ShouldHaveSingleItem();
        var fault = (await one.AskAsync(Question("break"), default).WithinLimit()).Answers.ShouldHaveSingleItem();

        (refusal.Node, refusal.Error).ShouldBe(("two", "not you"));
        fault.Error.ShouldBe("internal error");
    }

    [Fact]
    public async Task AQuestionMayBeGivenUp()
    {
        var (one, two, _) = await LinkAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<ReadOnlyMemory<byte>?>();
        await using var slow = await two.RespondAsync(
            "who",
            async (_, _) =>
            {
                asked.SetResult();
                return await never.Task;
            },
            default);
        using var source = new CancellationTokenSource();

        var question = one.AskAsync(Question("who"), source.Token).AsTask();
        await asked.Task.WithinLimit();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => question.WithinLimit());
        never.SetResult(null);
    }

    [Fact]
    public async Task TheLinkIsUp()
    {
        var (one, _, _) = await LinkAsync();

        one.IsLinkUp.ShouldBeTrue();
    }

    private static BackplaneQuestion Question(string method) => new() { Method = method, Arguments = Bytes("\"?\""), Timeout = Long };

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Said(string text, string room = "room") => Bytes($$"""{"message":"{{text}}","room":"{{room}}"}""");

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static ValueTask<ReadOnlyMemory<byte>?> Answer(string text) => new(Bytes(text));

    private async ValueTask<IBackplane> StartAsync(NodeIdentity node)
    {
        var backplane = await CreateBackplaneAsync(node);
        await backplane.StartAsync(default).WithinLimit();
        return backplane;
    }

    private async ValueTask<(IBackplane One, IBackplane Two, IBackplane Three)> LinkAsync() =>
        (await StartAsync(new NodeIdentity("one")), await StartAsync(new NodeIdentity("two")), await StartAsync(new NodeIdentity("three")));

    private sealed class Inbox
    {
        private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();

        public Func<BackplaneMessage, CancellationToken, ValueTask> As(string name) =>
            (message, _) => _messages.Writer.WriteAsync($"{name}:{TextOf(message.Body)}", CancellationToken.None);

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

        private static string TextOf(ReadOnlyMemory<byte> body)
        {
            using var said = JsonDocument.Parse(body);
            return said.RootElement.GetProperty("message").GetString()!;
        }
    }
}
