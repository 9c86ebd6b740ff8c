using System.Security.Claims;
using System.Text.Json;
using System.Threading.Channels;
using Polywire.Outbound;
using Polywire.Params;
using Polywire.Pipeline;

namespace Polywire.Doors;

/// <summary>A connection inside the process: the whole pipeline, no bytes of any protocol.</summary>
/// <remarks>
/// Verbs and actions as on every persistent transport; answers come back as JSON values. Pushed messages wait in a bounded list, of which
/// the oldest go first.
/// </remarks>
internal sealed class InProcessConnection : Connection
{
    private const int MaxMessages = 65_536;
    private readonly Channel<JsonElement> _messages = Channel.CreateBounded<JsonElement>(
        new BoundedChannelOptions(MaxMessages) { FullMode = BoundedChannelFullMode.DropOldest });

    public InProcessConnection(ConnectionServices services)
        : this(services, Guid.NewGuid().ToString())
    {
    }

    private InProcessConnection(ConnectionServices services, string id)
        : base(id, id, Transports.InProcess, services.Time)
    {
        Services = services;
    }

    public ConnectionServices Services { get; }

    public override string RemoteIP => "inline";

    public override int RemotePort => 0;

    /// <summary>What was pushed, oldest first; completes when the connection closes.</summary>
    public ChannelReader<JsonElement> Messages => _messages.Reader;

    public override Delivery TrySend<T>(T message) =>
        _messages.Writer.TryWrite(JsonSerializer.SerializeToElement(message, Services.Json.GetTypeInfo<T>())) ? Delivery.Delivered : Delivery.Closed;

    /// <summary>Connects as the persistent transports do: registered, and seen by the connection middleware.</summary>
    /// <exception cref="ActionException">A middleware refused it.</exception>
    public static async ValueTask<InProcessConnection> OpenAsync(
        ConnectionServices services, ClaimsPrincipal? user, CancellationToken cancellationToken)
    {
        var connection = new InProcessConnection(services);
        if (user is not null)
        {
            connection.User = user;
        }

        if (await services.Lifetime.OpenAsync(connection, cancellationToken))
        {
            return connection;
        }

        await connection.CloseAsync(CloseReason.Refused);
        cancellationToken.ThrowIfCancellationRequested();
        throw new ActionException("the connection was refused") { Status = ActionStatus.Forbidden };
    }

    public override ValueTask CloseAsync() => CloseAsync(CloseReason.ServerClosed);

    public async ValueTask CloseAsync(CloseReason reason)
    {
        await Services.Lifetime.CloseAsync(this, reason);
        _messages.Writer.TryComplete();
    }

    /// <summary>Runs an action with params of its own.</summary>
    /// <param name="parameters">A JSON object with the params, <c>action</c> and <c>apiVersion</c> among them.</param>
    /// <param name="read">Reads the answer before its run ends.</param>
    public async ValueTask<T> RunAsync<T>(ReadOnlyMemory<byte> parameters, Func<ActionResponse, ResponseWriter, T> read)
    {
        var context = ActionContextPool.Rent(Parse(parameters.Span));
        var response = await Services.Processor.ProcessAsync(this, context);
        try
        {
            return read(response, Services.Responses);
        }
        finally
        {
            await Services.Processor.EndAsync(response);
        }
    }

    protected internal override Delivery Deliver(in OutboundEntry entry)
    {
        using var document = JsonDocument.Parse(entry.Message.Json);
        return _messages.Writer.TryWrite(document.RootElement.Clone()) ? Delivery.Delivered : Delivery.Closed;
    }

    private static ParamSet Parse(ReadOnlySpan<byte> json)
    {
        var set = ParamSet.Rent();
        var bytes = set.Load(new System.Buffers.ReadOnlySequence<byte>(json.ToArray()));
        var reader = new Utf8JsonReader(bytes);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The input of an action is a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            set.AddMember(ref reader, 0);
        }

        return set;
    }
}
