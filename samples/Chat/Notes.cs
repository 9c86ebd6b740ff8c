using System.ComponentModel.DataAnnotations;
using Polywire;

namespace Chat;

/// <summary>Pins a note to the board and tells everybody in the lobby.</summary>
[Action("pin")]
internal sealed class Pin(Board board, IRooms rooms) : IAction<Pin.Input, Pin.Output>
{
    /// <param name="Text">What the note says.</param>
    /// <param name="Author">Who pins it.</param>
    public sealed record Input([property: StringLength(200)] string Text, string Author = "somebody");

    public sealed record Output(int Id);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var note = await board.PinAsync(input.Text, input.Author, cancellationToken);
        await rooms.SayAsync("lobby", $"{note.Author} pinned: {note.Text}", cancellationToken);
        return new Output(note.Id);
    }
}

/// <summary>Shows the latest notes.</summary>
[Action("notes")]
internal sealed class Notes(Board board) : IAction<Notes.Input, Notes.Output>
{
    /// <param name="Limit">How many notes at most.</param>
    public sealed record Input([property: Range(1, Board.Capacity)] int Limit = 10);

    public sealed record Output(IReadOnlyList<Note> Notes);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(await board.LatestAsync(input.Limit, cancellationToken));
}
