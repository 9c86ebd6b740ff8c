#pragma warning disable xUnit1051 // Every wait is bounded.
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.Diagnostics;
using Xunit;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>One application with every door, for all the cases of the table.</summary>
public sealed class EveryDoorHost : IAsyncLifetime
{
    private const int MaxQueueLength = 100_000;

    // What the cases provoke.
    private static readonly int[] Provoked =
        [EventIds.AnswerTooLarge, EventIds.VerbFailed, EventIds.AnswerNotSerializable, EventIds.ActionFailed];

    internal SocketHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await SocketHost.StartAsync(
            polywire: options => (options.MaxQueueLength, options.MaxStickyLength, options.MaxRoomsPerConnection) = (MaxQueueLength, 1_024, 2),
            more: (host, _, polywire) =>
            {
                Peer.Map(host, polywire);
                polywire.AddRooms("refused", "broken").UseRoomMiddleware<Doorman>();
                Map(polywire);
            });
        Host.ExpectedErrors = log => log.Category!.StartsWith("Polywire.", StringComparison.Ordinal) && Provoked.Contains(log.Id.Id);
        await File.WriteAllTextAsync(Path.Combine(Host.Public, "words"), "words of a file");
        await File.WriteAllTextAsync(Path.Combine(Host.Public, "large"), new string('x', MaxQueueLength + 1));
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static void Map(IPolywireBuilder polywire)
    {
        polywire.MapAction<Nothing, Dictionary<string, int>>("null", _ => (Dictionary<string, int>)null!);
        polywire.MapAction<Nothing, ActionResult>("fileThere", _ => ActionResult.File("words"));
        polywire.MapAction<Nothing, ActionResult>("fileMissing", _ => ActionResult.File("absent"));
        polywire.MapAction<Nothing, ActionResult>("fileLarge", _ => ActionResult.File("large"));
        polywire.MapAction<Nothing, ActionResult>("bytes", _ => ActionResult.Bytes(new byte[] { 1, 2 }));
        polywire.MapAction<Nothing, ActionResult>("stream", _ => ActionResult.Stream(new MemoryStream()));
        polywire.MapAction<Nothing, ActionResult>("large", _ => ActionResult.Text(new string('x', MaxQueueLength)));
        polywire.MapAction<Nothing, Dictionary<string, double>>("unwritable", _ => new() { ["x"] = double.NaN });
        polywire.MapAction<Nothing, ActionResult>("errorWithStatus", (_, _) => throw new ActionException("gone") { Status = ActionStatus.Conflict });
        polywire.MapDynamicAction("later", _ => { }, async (context, _) =>
        {
            await Task.Yield();
            context.Response["value"] = 1;
        });
        polywire.MapDynamicAction("pushThenAnswer", _ => { }, async (context, cancellationToken) =>
        {
            await context.Connection.SendAsync(new Dictionary<string, int> { ["pushed"] = 1 }, cancellationToken);
            context.Response["value"] = 1;
        });
        polywire.MapDynamicAction("late", _ => { }, static (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken))
            .WithTimeout(TimeSpan.FromMilliseconds(1));
        polywire.MapDynamicAction("closesAndWaits", _ => { }, static (context, cancellationToken) =>
        {
            _ = context.Connection.CloseAsync().AsTask();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        });
    }

    internal sealed record Nothing;

    private sealed class Doorman : IRoomMiddleware
    {
        public ValueTask JoinAsync(Connection connection, string room, CancellationToken cancellationToken) => room switch
        {
            "refused" => throw new ActionException("not you"),
            "broken" => throw new InvalidOperationException("secret words"),
            _ => default,
        };

        public ValueTask<MessageVerdict> SayAsync(Connection? sender, RoomMessage message, CancellationToken cancellationToken) => message.Message switch
        {
            "refused" => throw new ActionException("not that"),
            "broken" => throw new InvalidOperationException("secret words"),
            _ => default,
        };
    }
}
