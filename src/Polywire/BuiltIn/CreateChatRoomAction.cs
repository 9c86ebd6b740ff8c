namespace Polywire.BuiltIn;

/// <summary>Creates a room.</summary>
[Action("createChatRoom")]
internal sealed class CreateChatRoomAction(IRooms rooms) : IAction<CreateChatRoomAction.Input, CreateChatRoomAction.Output>
{
    /// <param name="Name">The room's name.</param>
    public sealed record Input(string Name);

    public sealed record Output(bool Created);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(await rooms.CreateAsync(input.Name, cancellationToken));
}
