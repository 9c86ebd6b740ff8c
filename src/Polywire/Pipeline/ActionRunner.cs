using System.Text.Json;
using System.Text.Json.Nodes;
using Polywire.Json;

namespace Polywire.Pipeline;

/// <summary>Runs actions for code inside the process (core.md P-24).</summary>
internal sealed class ActionRunner(ActionRegistry registry, IServiceProvider services, PolywireJson json) : IActions
{
    private readonly Lazy<ConnectionServices> _connections = new(() => (ConnectionServices)services.GetService(typeof(ConnectionServices))!);

    public IReadOnlyList<ActionDescriptor> All => registry.All;

    public async ValueTask<TOutput> RunAsync<TOutput>(string name, object? input = null, CancellationToken cancellationToken = default)
    {
        var connection = new InProcessConnection(_connections.Value);
        await using var cancelled = cancellationToken.Register(
            static state =>
            {
                // Closed first, so that a run that has not begun yet is cancelled too.
                var connection = (InProcessConnection)state!;
                connection.MarkClosed();
                connection.CancelRuns();
            },
            connection);
        return await RunAsync<TOutput>(connection, name, input, json);
    }

    /// <summary>Runs an action on a connection that stays.</summary>
    /// <inheritdoc cref="IActions.RunAsync{TOutput}"/>
    public static async ValueTask<TOutput> RunAsync<TOutput>(InProcessConnection connection, string name, object? input, PolywireJson json)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var parameters = ToObject(input, json);
        parameters["action"] = name;
        return await connection.RunAsync(
            JsonSerializer.SerializeToUtf8Bytes(parameters, json.GetTypeInfo<JsonObject>()),
            (response, writer) => Read<TOutput>(response, writer, json));
    }

    private static JsonObject ToObject(object? input, PolywireJson json) =>
        input switch
        {
            null => [],
            JsonObject given => (JsonObject)given.DeepClone(),
            _ => JsonSerializer.SerializeToNode(input, json.GetTypeInfo(input.GetType())) as JsonObject
                ?? throw new ArgumentException("The input of an action serialises to a JSON object.", nameof(input)),
        };

    private static TOutput Read<TOutput>(ActionResponse response, ResponseWriter writer, PolywireJson json)
    {
        if (response.Error is { } error)
        {
            throw new ActionException(error.Message, error.Exception) { Status = error.Status, Value = error.Value };
        }

        if (response.Result is TOutput output && response.Extra is null)
        {
            return output;
        }

        // Dynamic actions answer a table of keys, and callers may know another type than the action's.
        using var buffer = ResponseBuffer.Rent();
        writer.WriteOpen(buffer, response, NothingReserved);
        buffer.Write((byte)'}');
        return JsonSerializer.Deserialize(buffer.WrittenSpan, json.GetTypeInfo<TOutput>())!;
    }

    private static ReservedNames NothingReserved { get; } = new();
}
