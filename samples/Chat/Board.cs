using Polywire;

namespace Chat;

/// <summary>A note on the board.</summary>
internal sealed record Note(int Id, string Text, string Author, DateTimeOffset PinnedAt);

/// <summary>The latest notes, in the cache: those of all nodes, where there are several.</summary>
internal sealed class Board(ICache cache, TimeProvider time)
{
    public const int Capacity = 100;

    private const string Key = "chat:board";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async ValueTask<Note> PinAsync(string text, string author, CancellationToken cancellationToken)
    {
        // Two who pin at once would otherwise each write what the other has not seen.
        await using var held = await cache.LockAsync(Key, wait: Patience, cancellationToken: cancellationToken)
            ?? throw new ActionException("too many pin at once, try again");
        var notes = (await cache.LoadAsync<List<Note>>(Key, new CacheLoadOptions { Held = held }, cancellationToken))?.Value ?? [];
        var note = new Note(notes.Count > 0 ? notes[^1].Id + 1 : 1, text, author, time.GetUtcNow());
        notes.Add(note);
        await cache.SaveAsync(Key, notes.TakeLast(Capacity).ToList(), held: held, cancellationToken: cancellationToken);
        return note;
    }

    public async ValueTask<IReadOnlyList<Note>> LatestAsync(int limit, CancellationToken cancellationToken)
    {
        var notes = (await cache.LoadAsync<List<Note>>(Key, new CacheLoadOptions { Retry = Patience }, cancellationToken))?.Value ?? [];
        return [.. notes.TakeLast(limit).Reverse()];
    }
}
