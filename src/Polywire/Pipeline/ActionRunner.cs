using System.Text.Json;
using System.Text.Json.Nodes;
using Polywire.Actions;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Rooms;

namespace Polywire.Pipeline;

/// <summary>Runs actions for code inside the process (core.md P-24).</summary>
internal sealed class ActionRunner(ActionRegistry registry, RoomService rooms, IServiceProvider services, PolywireJson json) : IActions
{
    private readonly Lazy<ConnectionServices> _connections = new(() => (ConnectionServices)services.GetService(typeof(ConnectionServices))!);

    public IReadOnlyList<ActionDescriptor> All => registry.All;

    public ValueTask<TOutput> RunAsync<TOutput>(string name, object? input = null, CancellationToken cancellationToken = default) =>
        RunAsync<TOutput>(new InProcessConnection(_connections.Value), name, input, cancellationToken);

    public ValueTask<TOutput> RunAsync<TOutput>(ActionContext caller, string name, object? input = null)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return RunAsync<TOutput>(new InProcessConnection(_connections.Value) { User = caller.User }, name, input, caller.Aborted);
    }

    private async ValueTask<TOutput> RunAsync<TOutput>(InProcessConnection connection, string name, object? input, CancellationToken cancellationToken)
    {
        await using var cancelled = cancellationToken.Register(
            static state =>
            {
                // Closed first, so that a run that has not begun yet is cancelled too.
                var connection = (InProcessConnection)state!;
                connection.Life.TryMove(LifeEvent.Leave);
                connection.CancelRuns();
            },
            connection);
        try
        {
            return await RunAsync<TOutput>(connection, name, input, json, registry);
        }
        catch (ActionException exception) when (exception.Status == ActionStatus.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        finally
        {
            // Rooms that the action put it in.
            connection.Life.TryMove(LifeEvent.Leave);
            await rooms.LeaveAllAsync(connection);
        }
    }

    /// <summary>Runs an action on a connection that stays.</summary>
    /// <inheritdoc cref="IActions.RunAsync{TOutput}(string, object?, CancellationToken)"/>
    public static async ValueTask<TOutput> RunAsync<TOutput>(InProcessConnection connection, string name, object? input, PolywireJson json, ActionRegistry registry)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return await connection.RunAsync(
            ToParams(input, name, json, registry),
            (response, writer) => Read<TOutput>(response, writer, json));
    }

    // As text and not as nodes: of members of one name the last counts, as on the wire, and names that differ in case are two.
    private static byte[] ToParams(object? input, string name, PolywireJson json, ActionRegistry registry)
    {
        var text = input is null ? "{}"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(input, json.GetTypeInfo(input.GetType()));
        ReadOnlySpan<byte> members = input is null or JsonNode or JsonElement or JsonDocument
            ? text
            : InputNames.Restore(text, [.. registry.All.Where(action => action.Name == name).SelectMany(static action => action.Inputs)]);
        if (members.IsEmpty || members[0] != '{')
        {
            throw new ArgumentException("The input of an action serialises to a JSON object.", nameof(input));
        }

        members = members[1..^1].Trim(" \t\r\n"u8);
        var action = JsonEncodedText.Encode(name).EncodedUtf8Bytes;
        return [(byte)'{', .. members, .. members.IsEmpty ? default : ","u8, .. "\"action\":\""u8, .. action, .. "\"}"u8];
    }

    private static TOutput Read<TOutput>(ActionResponse response, ResponseWriter writer, PolywireJson json)
    {
        if (response.Error is { } error)
        {
            throw new ActionException(error.Message, error.Exception) { Status = error.Status, Value = error.Value };
        }

        if (response.Result is ActionResult { FilePath: { } path })
        {
            throw new InvalidOperationException($"Action {response.Action} answers with the file '{path}', which is no value to read as {typeof(TOutput)}.");
        }

        if (!response.ToRender || (response.Extra is null && (response.Result == ActionResult.None || response.Result == ActionResult.NoContent)))
        {
            return default!;
        }

        if (response.Result is TOutput output && response.Extra is null)
        {
            return output;
        }

        // Dynamic actions answer a table of keys, and callers may know another type than the action's.
        using var buffer = ResponseBuffer.Rent();
        if (writer.WriteOpen(buffer, response, NothingReserved).IsFault)
        {
            throw new InvalidOperationException($"The answer of action {response.Action} could not be written as JSON; the log says why.");
        }

        buffer.Write((byte)'}');
        return JsonSerializer.Deserialize(buffer.WrittenSpan, json.GetTypeInfo<TOutput>())!;
    }

    private static ReservedNames NothingReserved { get; } = new();
}
