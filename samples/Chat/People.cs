using System.ComponentModel.DataAnnotations;
using Polywire;

namespace Chat;

/// <summary>Gives the caller a name and tells the rooms the caller is in.</summary>
[Action("name")]
internal sealed class SetName(Names names, IRooms rooms) : IAction<SetName.Input, SetName.Output>
{
    /// <param name="Name">What others see.</param>
    public sealed record Input([property: StringLength(40, MinimumLength = 1)] string Name);

    public sealed record Output(string Name);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var before = await names.OfAsync(context.Connection, cancellationToken);
        if (before != input.Name)
        {
            await names.SaveAsync(context.Connection, input.Name, cancellationToken);
            foreach (var room in context.Connection.Rooms)
            {
                await rooms.SayAsync(room, $"{before} is now {input.Name}", cancellationToken);
            }
        }

        return new Output(input.Name);
    }
}

/// <summary>Shows who is in a room, by name.</summary>
[Action("members")]
internal sealed class Members(Names names, IRooms rooms) : IAction<Members.Input, Members.Output>
{
    /// <param name="Room">The room.</param>
    public sealed record Input(string Room);

    /// <param name="Id">The connection.</param>
    /// <param name="Name">What others see.</param>
    /// <param name="Named">Whether the member chose it.</param>
    /// <param name="Type">The transport.</param>
    public sealed record Member(string Id, string Name, bool Named, string Type);

    public sealed record Output(IReadOnlyList<Member> Members);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var members = new List<Member>();
        foreach (var id in (await rooms.StatusAsync(input.Room, cancellationToken)).Members.Keys)
        {
            if (await names.ShowAsync(id, cancellationToken) is { } shown)
            {
                members.Add(new Member(id, shown.Name, shown.Named, shown.Type));
            }
        }

        return new Output([.. members.OrderBy(member => member.Name, StringComparer.OrdinalIgnoreCase)]);
    }
}

/// <summary>Shows the rooms that people talk in; names with a colon are rooms that are meant for programs.</summary>
[Action("rooms")]
internal sealed class ListRooms(IRooms rooms) : IAction<ListRooms.Input, ListRooms.Output>
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<string> Rooms);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new([.. (await rooms.ListAsync(cancellationToken)).Where(room => !room.Contains(':', StringComparison.Ordinal))]);
}
