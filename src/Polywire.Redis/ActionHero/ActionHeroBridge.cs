using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Redis.Bus;
using Polywire.Redis.Connection;
using Polywire.Redis.Rooms;
using StackExchange.Redis;

namespace Polywire.Redis.ActionHero;

/// <summary>The backplane of a node that is in an ActionHero 19 cluster too: speaks and hears on its channel, beside the bus of our own (cluster.md NO-53 to NO-61).</summary>
internal sealed class ActionHeroBridge : IBackplane, IDisposable
{
    private const string AddMethod = "membership.add";
    private const string RemoveMethod = "membership.remove";

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private readonly RedisBackplane _bus;
    private readonly RedisRoomStore _store;
    private readonly RedisLink _link;
    private readonly NodeIdentity _node;
    private readonly ErrorCatalog _texts;
    private readonly BusMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ActionHeroWriter _writer;
    private readonly ActionHeroCalls _calls;
    private readonly ActionHeroOrders _orders;
    private readonly RedisChannel _channel;
    private readonly string _token;
    private readonly SemaphoreSlim _hearing = new(1, 1);
    private readonly LinkHealth _health;
    private readonly ILogger<ActionHeroBridge> _logger;
    private ChannelMessageQueue? _messages;

    public ActionHeroBridge(
        RedisBackplane bus,
        RedisRoomStore store,
        RedisLink link,
        LinkHealth health,
        NodeIdentity node,
        ErrorCatalog texts,
        BusMetrics metrics,
        IConnections connections,
        IServiceProvider services,
        TimeProvider time,
        ILogger<ActionHeroBridge> logger)
    {
        (_bus, _store, _link, _health, _node, _texts, _metrics, _time, _logger) = (bus, store, link, health, node, texts, metrics, time, logger);
        _token = link.Options.ActionHero.ServerToken!;
        _channel = RedisChannel.Literal(link.Options.ActionHero.Channel);
        _writer = new ActionHeroWriter(node.Id, _token);
        _calls = new ActionHeroCalls(_writer, Publish, time);

        // Asked for late: rooms are made with the backplane.
        _orders = new ActionHeroOrders(services.GetRequiredService<IRooms>, connections, id => Publish(_writer.Done(id)), logger);
    }

    public event EventHandler<LinkChangedEventArgs>? LinkChanged
    {
        add => _bus.LinkChanged += value;
        remove => _bus.LinkChanged -= value;
    }

    public bool IsLinkUp => _bus.IsLinkUp;

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (_link.IsCluster)
        {
            throw new InvalidOperationException(
                $"{RedisPolywireBuilderExtensions.ConfigurationSection}:{nameof(RedisOptions.ActionHero)}: ActionHero's keys have another layout on a Redis Cluster, so a node cannot join it there.");
        }

        await _bus.StartAsync(cancellationToken);
        await HearAsync(cancellationToken);
        _bus.LinkChanged += OnLinkChanged;
        _bus.Published += OnPublished;
        _store.BeforeRemove = SayFarewellAsync;
        Tell("joined");
    }

    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        _store.BeforeRemove = null;
        _bus.Published -= OnPublished;
        _bus.LinkChanged -= OnLinkChanged;
        Tell("left");
        if (Interlocked.Exchange(ref _messages, null) is { } messages)
        {
            await messages.UnsubscribeAsync().WaitAsync(_link.Options.Timeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _bus.StopAsync(cancellationToken);
    }

    public ValueTask PublishAsync(BackplaneChannel channel, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        _bus.PublishAsync(channel, type, body, cancellationToken);

    public ValueTask<IAsyncDisposable> SubscribeAsync(
        BackplaneChannel channel, Func<BackplaneMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken) =>
        _bus.SubscribeAsync(channel, handler, cancellationToken);

    public async ValueTask<BackplaneReply> AskAsync(BackplaneQuestion question, CancellationToken cancellationToken)
    {
        var reply = await _bus.AskAsync(question, cancellationToken);
        var isMembership = question.Node is null && question.Method is AddMethod or RemoveMethod;

        // A node of ours that is silent may have the connection, so nobody else is asked.
        return isMembership && reply is { Answers.Count: 0, Silent.Count: 0 } && Arguments(question) is [var id, var room]
            ? await AskActionHeroAsync(question, id, room, reply, cancellationToken)
            : reply;
    }

    public ValueTask<IAsyncDisposable> RespondAsync(
        string method,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> handler,
        CancellationToken cancellationToken) =>
        _bus.RespondAsync(method, handler, cancellationToken);

    public void Dispose() => _hearing.Dispose();

    private static string[]? Arguments(BackplaneQuestion question) => JsonSerializer.Deserialize(question.Arguments.Span, ActionHeroJson.Default.StringArray);

    // What can be known to be refused is refused here: inside ActionHero's handler it is an unhandled rejection, of which its process may die (cluster.md NO-56).
    private async Task<BackplaneReply> AskActionHeroAsync(
        BackplaneQuestion question, string id, string room, BackplaneReply nobody, CancellationToken cancellationToken)
    {
        var isJoin = question.Method == AddMethod;
        var (exists, isMember) = await LookAsync(room, id, cancellationToken);
        var refusal = isJoin
            ? isMember ? _texts.ConnectionAlreadyInRoom(room) : exists ? null : _texts.RoomDoesNotExist
            : isMember ? exists ? null : _texts.RoomDoesNotExist : _texts.ConnectionNotInRoom(room);
        if (refusal is not null)
        {
            return Answer(new BackplaneAnswer { Node = string.Empty, Error = refusal });
        }

        return await _calls.AskAsync(
            isJoin ? ActionHeroOrders.Add : ActionHeroOrders.Remove, id, room, question.Timeout ?? _link.Options.CallTimeout, cancellationToken)
            ? Answer(new BackplaneAnswer { Node = string.Empty, Result = "true"u8.ToArray() })
            : nobody;
    }

    private async Task<(bool Exists, bool IsMember)> LookAsync(string room, string id, CancellationToken cancellationToken)
    {
        var answers = await _link.CallAsync(
            database => Task.WhenAll(database.SetContainsAsync(_link.Keys.Rooms, room), database.HashExistsAsync(_link.Keys.Members(room), id)), cancellationToken);
        return (answers[0], answers[1]);
    }

    private static BackplaneReply Answer(BackplaneAnswer answer) => new() { Answers = [answer], Silent = [] };

    // Before the room is removed: ActionHero's handler asks whether it exists, and a member that it does not take out then stays for ever (cluster.md NO-57).
    private async Task SayFarewellAsync(string room, CancellationToken cancellationToken)
    {
        var theirs = (await _store.MembersAsync(room, cancellationToken) ?? []).Where(static member => member.Node is null).ToArray();
        await Task.WhenAll(theirs.Select(member => _calls.AskAsync(ActionHeroOrders.Remove, member.Id, room, LongestFarewell, cancellationToken)));
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        // One after the other, or every message would be heard twice.
        await _hearing.WaitAsync(cancellationToken);
        try
        {
            if (Interlocked.Exchange(ref _messages, null) is { } before)
            {
                await before.UnsubscribeAsync().WaitAsync(_link.Options.Timeout, _time, cancellationToken);
            }

            var subscribing = _link.Subscriber.SubscribeAsync(_channel);
            try
            {
                var messages = await subscribing.WaitAsync(_link.Options.Timeout, _time, cancellationToken);
                messages.OnMessage(message => Receive((byte[])message.Message!));
                _messages = messages;
            }
            catch
            {
                _ = GiveBackAsync(subscribing);
                throw;
            }
        }
        catch (Exception exception) when (RedisLink.IsAway(exception))
        {
            throw new ClusterNotReachableException(exception);
        }
        finally
        {
            _hearing.Release();
        }
    }

    // What came too late is carried out all the same, and nobody would read what it collects.
    private static async Task GiveBackAsync(Task<ChannelMessageQueue> subscribing)
    {
        try
        {
            await (await subscribing).UnsubscribeAsync();
        }
        catch (Exception exception) when (RedisLink.IsAway(exception) || exception is OperationCanceledException)
        {
            // It was never made.
        }
    }

    private void OnLinkChanged(object? sender, LinkChangedEventArgs changed)
    {
        if (changed.IsUp)
        {
            _ = HearAgainAsync();
        }
    }

    private async Task HearAgainAsync()
    {
        try
        {
            await HearAsync(CancellationToken.None);
        }
        catch (ClusterNotReachableException)
        {
            // Down again, so that it is tried again.
            _health.Fail("the channel of ActionHero was not subscribed to");
        }
        catch (Exception exception)
        {
            LastCatch.Tell(exception, _logger);
            _health.Fail("the channel of ActionHero was not subscribed to");
        }
    }

    private void OnPublished(string room, BusType type, ReadOnlyMemory<byte> body)
    {
        if (type == BusType.Say)
        {
            Publish(_writer.Chat(room, body.Span));
        }
    }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        if (!ActionHeroMessage.TryRead(bytes, out var message))
        {
            _metrics.Dropped(BusFault.Form);
        }
        else if (!message.HasToken(_token))
        {
            _metrics.Dropped(BusFault.Token);
        }
        else
        {
            Receive(message);
        }
    }

    private void Receive(ActionHeroMessage message)
    {
        switch (message.Type)
        {
            case ActionHeroMessage.Chat when message.IsOurs:
                // Heard over the bus of our own.
                break;
            case ActionHeroMessage.Chat when message.Room is { } room:
                _bus.Inject(room, $"{message.ServerId}/actionhero", ActionHeroWriter.Said(room, message, _time.GetUtcNow()));
                break;
            case ActionHeroMessage.Do when message.ServerId == _node.Id || message.Method == "api.log":
                break;
            case ActionHeroMessage.Do when !_orders.TryBegin(message):
                _metrics.Dropped(BusFault.Method);
                break;
            case ActionHeroMessage.DoResponse:
                _calls.Hear(message.MessageId);
                break;
        }
    }

    private void Tell(string what) =>
        Publish(_writer.Do(Guid.NewGuid().ToString(), "api.log", null, $"actionhero member {_node.Id} has {what} the cluster"));

    // In the order of the calls. What does not get through is ActionHero's to miss: it keeps nothing either.
    private void Publish(ReadOnlyMemory<byte> message)
    {
        try
        {
            _link.Subscriber.PublishAsync(_channel, message).ContinueWith(
                static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException or ClusterNotReachableException)
        {
            // As above.
        }
    }
}
