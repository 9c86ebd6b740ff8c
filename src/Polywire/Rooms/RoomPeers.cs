using System.Text.Json;
using Polywire.Doors;

namespace Polywire.Rooms;

/// <summary>Membership of connections of other nodes: asks for it, and does what is asked (core.md; cluster.md NO-49, NO-50).</summary>
internal sealed class RoomPeers(IBackplane backplane, ConnectionRegistry connections, RoomMembership membership, ErrorCatalog texts)
{
    private const string Add = "membership.add";
    private const string Remove = "membership.remove";

    private static readonly byte[] Done = "true"u8.ToArray();

    private readonly List<IAsyncDisposable> _responders = [];

    /// <summary>Begins to answer other nodes.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _responders.Add(await backplane.RespondAsync(Add, (asked, token) => AnswerAsync(asked, join: true, token), cancellationToken));
        _responders.Add(await backplane.RespondAsync(Remove, (asked, token) => AnswerAsync(asked, join: false, token), cancellationToken));
    }

    public async ValueTask StopAsync()
    {
        foreach (var responder in _responders)
        {
            await responder.DisposeAsync();
        }
    }

    /// <summary>Lets a connection join or leave, whichever node has it.</summary>
    /// <returns>Null, or why not.</returns>
    public async ValueTask<string?> ChangeAsync(string connectionId, string room, bool join, CancellationToken cancellationToken)
    {
        if (connections.Find(connectionId) is { } connection)
        {
            return await ChangeAsync(connection, room, join, cancellationToken);
        }

        var reply = await backplane.AskAsync(
            new BackplaneQuestion
            {
                Method = join ? Add : Remove,
                Arguments = JsonSerializer.SerializeToUtf8Bytes([connectionId, room], RoomsJson.Default.StringArray),
            },
            cancellationToken);
        return reply.Answers is [var answer, ..] ? answer.Error : texts.ConnectionNotFound;
    }

    private async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(ReadOnlyMemory<byte> asked, bool join, CancellationToken cancellationToken)
    {
        if (JsonSerializer.Deserialize(asked.Span, RoomsJson.Default.StringArray) is not [{ } id, { } room] || connections.Find(id) is not { } connection)
        {
            return null;
        }

        string? error;
        try
        {
            error = await ChangeAsync(connection, room, join, cancellationToken);
        }
        catch (ActionException refusal)
        {
            // In the words of this node, whose middleware it is.
            error = texts.TextOf(refusal);
        }

        return error is null ? Done : throw new ActionException(error);
    }

    private ValueTask<string?> ChangeAsync(Connection connection, string room, bool join, CancellationToken cancellationToken) =>
        join ? membership.TryAddAsync(connection, room, cancellationToken) : membership.TryRemoveAsync(connection, room, cancellationToken);
}
