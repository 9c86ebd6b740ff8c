namespace Chat;

/// <summary>A note on the board.</summary>
internal sealed record Note(int Id, string Text, string Author, DateTimeOffset PinnedAt);

/// <summary>The latest notes, in memory.</summary>
internal sealed class Board(TimeProvider time)
{
    public const int Capacity = 100;

    private readonly Lock _gate = new();
    private readonly Queue<Note> _notes = new();
    private int _lastId;

    public Note Pin(string text, string author)
    {
        lock (_gate)
        {
            var note = new Note(++_lastId, text, author, time.GetUtcNow());
            _notes.Enqueue(note);
            if (_notes.Count > Capacity)
            {
                _notes.Dequeue();
            }

            return note;
        }
    }

    public IReadOnlyList<Note> Latest(int limit)
    {
        lock (_gate)
        {
            return [.. _notes.TakeLast(limit).Reverse()];
        }
    }
}
