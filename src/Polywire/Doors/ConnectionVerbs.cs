using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.Diagnostics;
using Polywire.Json;
using Polywire.Params;
using Polywire.Rooms;

namespace Polywire.Doors;

/// <summary>What persistent connections can do besides running actions, the same on every transport (core.md 6.2).</summary>
/// <remarks>Called from the connection's own message loop, one verb at a time.</remarks>
internal sealed partial class ConnectionVerbs(
    RoomService rooms,
    ActionRegistry registry,
    PolywireJson json,
    ErrorCatalog texts,
    UnexpectedErrors unexpected,
    IOptions<PolywireOptions> options,
    ILogger<ConnectionVerbs> logger)
{
    private readonly int _maxStickyLength = options.Value.MaxStickyLength;

    /// <summary>Keeps a param, if any action knows it (core.md V-3, I-12).</summary>
    /// <param name="connection">Whose param.</param>
    /// <param name="name">Empty does nothing.</param>
    /// <param name="value">The whole value, as text.</param>
    public VerbReply ParamAdd(Connection connection, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || !IsKept(name))
        {
            return VerbReply.Nothing;
        }

        if ((connection.Sticky?.Size ?? 0) + name.Length + (long)value.Length > _maxStickyLength)
        {
            return VerbReply.Failure(texts.ParamsTooLarge(_maxStickyLength));
        }

        connection.OwnSticky().Set(name, value, ParamKind.Text);
        return VerbReply.Nothing;
    }

    public static VerbReply ParamDelete(Connection connection, ReadOnlySpan<byte> name)
    {
        if (connection.Sticky?.IndexOf(name) is >= 0)
        {
            connection.OwnSticky().Remove(name);
        }

        return VerbReply.Nothing;
    }

    public static VerbReply ParamView(Connection connection, ReadOnlySpan<byte> name)
    {
        if (connection.Sticky is not { } sticky || sticky.IndexOf(name) is var index && index < 0)
        {
            return VerbReply.Nothing;
        }

        return new VerbReply(null, static (writer, state) =>
        {
            var (set, at) = ((ParamSet, int))state!;
            set.ValueAt(at).WriteTo(writer);
        }, (sticky, index));
    }

    public static VerbReply ParamsView(Connection connection) =>
        new(null, static (writer, state) => ConnectionDetails.WriteParams(writer, ((Connection)state!).Sticky), connection);

    public static VerbReply ParamsDelete(Connection connection)
    {
        connection.ReplaceSticky(null);
        return VerbReply.Nothing;
    }

    public static VerbReply DetailsView(Connection connection) =>
        new(null, static (writer, state) => ConnectionDetails.Write(writer, (Connection)state!), connection);

    public VerbReply Documentation() => VerbReply.Raw(registry.Documentation);

    public ValueTask<VerbReply> RoomAddAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        GuardAsync(rooms.TryAddAsync(connection, room, cancellationToken), VerbReply.True, connection, "roomAdd");

    public ValueTask<VerbReply> RoomLeaveAsync(Connection connection, string room, CancellationToken cancellationToken) =>
        GuardAsync(rooms.TryRemoveAsync(connection, room, cancellationToken), VerbReply.True, connection, "roomLeave");

    public ValueTask<VerbReply> SayAsync(Connection connection, string room, string message, CancellationToken cancellationToken)
    {
        try
        {
            var said = rooms.TrySayAsync(connection, room, message, cancellationToken);
            return said.IsCompletedSuccessfully
                ? new ValueTask<VerbReply>(said.Result is { } error ? VerbReply.Failure(error) : VerbReply.Nothing)
                : GuardAsync(said, VerbReply.Nothing, connection, "say");
        }
        catch (Exception exception)
        {
            return new ValueTask<VerbReply>(Failed(exception, connection, "say"));
        }
    }

    public async ValueTask<VerbReply> RoomViewAsync(Connection connection, string room, CancellationToken cancellationToken)
    {
        if (!connection.IsIn(room))
        {
            return VerbReply.Failure(texts.ConnectionNotInRoom(room));
        }

        try
        {
            var status = await rooms.StatusAsync(room, cancellationToken);
            return VerbReply.Raw(JsonSerializer.SerializeToUtf8Bytes(status, json.GetTypeInfo<RoomStatus>()));
        }
        catch (Exception exception)
        {
            return Failed(exception, connection, "roomView");
        }
    }

    /// <summary>Writes the log line of a verb (core.md L-3).</summary>
    public void LogPerformed(Connection connection, ReadOnlySpan<byte> verb)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            Log.Performed(logger, connection.Type, connection.RemoteIP, LogText.OneLine(Encoding.UTF8.GetString(verb), LogText.NameLength));
        }
    }

    private async ValueTask<VerbReply> GuardAsync(ValueTask<string?> work, VerbReply success, Connection connection, string verb)
    {
        try
        {
            return await work is { } error ? VerbReply.Failure(error) : success;
        }
        catch (Exception exception)
        {
            return Failed(exception, connection, verb);
        }
    }

    // Whatever a middleware or a store throws, a time-out of its own included, is the answer to this verb and no more.
    private VerbReply Failed(Exception exception, Connection connection, string verb)
    {
        if (exception is OperationCanceledException && connection.IsClosed)
        {
            // Its connection is gone: nobody hears the answer, and nothing is wrong.
            return VerbReply.Failure(texts.InternalError);
        }

        if (exception is ActionException refusal)
        {
            return VerbReply.Failure(texts.TextOf(refusal));
        }

        var traceId = UnexpectedErrors.TraceId();
        Log.Failed(logger, exception, verb, connection.Type, traceId);
        unexpected.Report(new ExceptionReport(exception, ExceptionSource.Verb) { Name = verb, Connection = connection, TraceId = traceId });
        return VerbReply.Failure(unexpected.TextOf(exception, traceId));
    }

    private bool IsKept(ReadOnlySpan<byte> name)
    {
        if (registry.PostVariables is not { } known)
        {
            return true;
        }

        Span<char> characters = stackalloc char[256];
        return name.Length > characters.Length
            ? known.Allows(Encoding.UTF8.GetString(name))
            : known.Allows((ReadOnlySpan<char>)characters[..Encoding.UTF8.GetChars(name, characters)]);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.VerbPerformed, LogLevel.Debug, "[server: {Type}] verb to={To} verb={Verb}")]
        public static partial void Performed(ILogger logger, string type, string to, string verb);

        [LoggerMessage(EventIds.VerbFailed, LogLevel.Error, "Verb {Verb} failed on {Type} with an exception that is not an ActionException (trace {TraceId})")]
        public static partial void Failed(ILogger logger, Exception exception, string verb, string type, string traceId);
    }
}
