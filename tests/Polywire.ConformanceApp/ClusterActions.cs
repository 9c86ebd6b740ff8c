namespace Polywire.ConformanceApp;

/// <summary>Names the rooms.</summary>
[Action("listRooms")]
internal sealed class ListRooms(IRooms rooms) : IAction<Nothing, ListRooms.Output>
{
    public sealed record Output(IReadOnlyList<string> Rooms);

    public async ValueTask<Output> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(await rooms.ListAsync(cancellationToken));
}

/// <summary>Tells who is in a room.</summary>
[Action("roomStatus")]
internal sealed class RoomStatusAction(IRooms rooms) : IAction<RoomStatusAction.Input, RoomStatusAction.Output>
{
    public sealed record Input(string Name);

    public sealed record Member(string Id, long JoinedAt);

    public sealed record Status(string Room, IReadOnlyDictionary<string, Member> Members, int MembersCount);

    public sealed record Output(Status Status);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var status = await rooms.StatusAsync(input.Name, cancellationToken);
        var members = status.Members.ToDictionary(
            member => member.Key, member => new Member(member.Value.Id, member.Value.JoinedAt.ToUnixTimeMilliseconds()), StringComparer.Ordinal);
        return new Output(new Status(status.Room, members, status.MembersCount));
    }
}

/// <summary>Lets a connection join, whichever node has it.</summary>
[Action("addMember")]
internal sealed class AddMember(IRooms rooms) : IAction<AddMember.Input, AddMember.Output>
{
    public sealed record Input(string Id, string Room);

    public sealed record Output(bool Done = true);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await rooms.AddAsync(input.Id, input.Room, cancellationToken);
        return new Output();
    }
}

/// <summary>Takes a connection out, whichever node has it.</summary>
[Action("removeMember")]
internal sealed class RemoveMember(IRooms rooms) : IAction<AddMember.Input, AddMember.Output>
{
    public async ValueTask<AddMember.Output> RunAsync(AddMember.Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await rooms.RemoveAsync(input.Id, input.Room, cancellationToken);
        return new AddMember.Output();
    }
}

/// <summary>Says many things in a room, as the server.</summary>
[Action("burst")]
internal sealed class Burst(IRooms rooms) : IAction<Burst.Input, SayTo.Output>
{
    public sealed record Input(string Room, int Count, string Text);

    public async ValueTask<SayTo.Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        for (var i = 0; i < input.Count; i++)
        {
            await rooms.SayAsync(input.Room, $"{input.Text}{i}", cancellationToken);
        }

        return new SayTo.Output();
    }
}
