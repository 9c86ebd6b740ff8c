namespace Polywire.ConformanceApp;

/// <summary>Says something in a room, as the server.</summary>
[Action("sayTo")]
internal sealed class SayTo(IRooms rooms) : IAction<SayTo.Input, SayTo.Output>
{
    public sealed record Input(string Room, string Message);

    public sealed record Output(bool Sent = true);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await rooms.SayAsync(input.Room, input.Message, cancellationToken);
        return new Output();
    }
}

/// <summary>Pushes a message to the one who asks.</summary>
[Action("push")]
internal sealed class Push : IAction<Push.Input, Okay>
{
    public sealed record Input(string? Message);

    public sealed record Alert(string? Message, string Context = "alert");

    public async ValueTask<Okay> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await context.Connection.SendAsync(new Alert(input.Message), cancellationToken);
        return new Okay();
    }
}

/// <summary>Tells who asks.</summary>
[Action("whoami")]
internal sealed class WhoAmI : IAction<Nothing, WhoAmI.Output>
{
    public sealed record Output(string Id, string Fingerprint, string Type, IReadOnlyList<string> Rooms);

    public ValueTask<Output> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        return new ValueTask<Output>(new Output(connection.Id, connection.Fingerprint, connection.Type, connection.Rooms));
    }
}

/// <summary>Destroys a connection: the one that is named, else the one who asks, a little later.</summary>
[Action("kick")]
internal sealed class Kick(IConnections connections, TimeProvider time) : IAction<Kick.Input, object>
{
    public sealed record Input(string? Id);

    public sealed record Output(bool Kicked);

    public async ValueTask<object> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        if (input.Id is null)
        {
            _ = KickLaterAsync(context.Connection);
            return new Okay();
        }

        var victim = connections.Find(input.Id);
        if (victim is not null)
        {
            await victim.CloseAsync();
        }

        return new Output(victim is not null);
    }

    private async Task KickLaterAsync(Connection connection)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        await connection.CloseAsync();
    }
}

/// <summary>Pushes a message with the context that is asked for.</summary>
[Action("pushAs")]
internal sealed class PushAs : IAction<PushAs.Input, Okay>
{
    public sealed record Input(string Message, string? Context);

    public async ValueTask<Okay> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var message = new Dictionary<string, string> { ["message"] = input.Message };
        if (input.Context is not null)
        {
            message["context"] = input.Context;
        }

        await context.Connection.SendAsync(message, cancellationToken);
        return new Okay();
    }
}

/// <summary>Pushes many messages.</summary>
[Action("flood")]
internal sealed class Flood : IAction<Flood.Input, Okay>
{
    public sealed record Input(int Count, int Size);

    public sealed record Drop(string Message, int I, string Context = "alert");

    public async ValueTask<Okay> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        var text = new string('x', input.Size);
        for (var i = 0; i < input.Count; i++)
        {
            await context.Connection.SendAsync(new Drop(text, i), cancellationToken);
        }

        return new Okay();
    }
}

/// <summary>Destroys a room, by another name.</summary>
[Action("destroyRoom")]
internal sealed class DestroyRoom(IRooms rooms) : IAction<DestroyChatRoom.Input, DestroyChatRoom.Output>
{
    public async ValueTask<DestroyChatRoom.Output> RunAsync(
        DestroyChatRoom.Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await rooms.DestroyAsync(input.Name, cancellationToken);
        return new DestroyChatRoom.Output();
    }
}

/// <summary>Destroys a room.</summary>
[Action("destroyChatRoom")]
internal sealed class DestroyChatRoom(IRooms rooms) : IAction<DestroyChatRoom.Input, DestroyChatRoom.Output>
{
    public sealed record Input(string Name);

    public sealed record Output(bool Destroyed = true);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await rooms.DestroyAsync(input.Name, cancellationToken);
        return new Output();
    }
}
