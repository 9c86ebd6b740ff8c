using System.Diagnostics.CodeAnalysis;
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

/// <summary>Runs what persistent connections can do besides actions, the same on every door (core.md 6.2).</summary>
/// <remarks>
/// Called from the connection's own message loop, one verb at a time. A door finds the verb in the <see cref="VerbTable"/>, reads its
/// arguments and writes its answer; <c>quit</c>, <c>exit</c> and <c>file</c> are its own.
/// </remarks>
[Experimental("PWX0001")]
public sealed partial class VerbDispatcher
{
    private readonly int _maxStickyLength;
    private readonly RoomService _rooms;
    private readonly ActionRegistry _registry;
    private readonly PolywireJson _json;
    private readonly ErrorCatalog _texts;
    private readonly UnexpectedErrors _unexpected;
    private readonly ILogger<VerbDispatcher> _logger;

    internal VerbDispatcher(
        RoomService rooms,
        ActionRegistry registry,
        PolywireJson json,
        ErrorCatalog texts,
        UnexpectedErrors unexpected,
        IOptions<PolywireOptions> options,
        ILogger<VerbDispatcher> logger)
    {
        _rooms = rooms;
        _registry = registry;
        _json = json;
        _texts = texts;
        _unexpected = unexpected;
        _logger = logger;
        _maxStickyLength = options.Value.MaxStickyLength;
    }

    /// <summary>Runs a verb. One that waits is told when its connection ends (core.md V-11).</summary>
    /// <returns>Its answer; a verb that fails, for whatever reason, answers with an error.</returns>
    public ValueTask<VerbReply> RunAsync(Verb verb, Connection connection, in VerbArguments arguments)
    {
        LogPerformed(verb, connection);
        if (arguments.Refusal is { } refusal)
        {
            return new ValueTask<VerbReply>(VerbReply.Failure(refusal));
        }

        switch (verb)
        {
            case Verb.RoomAdd:
                return GuardAsync(_rooms.TryAddAsync(connection, arguments.Room, connection.Closing), VerbReply.True, verb, connection);
            case Verb.RoomLeave:
                return GuardAsync(_rooms.TryRemoveAsync(connection, arguments.Room, connection.Closing), VerbReply.True, verb, connection);
            case Verb.RoomView:
                return RoomViewAsync(connection, arguments.Room);
            case Verb.Say:
                return SayAsync(connection, arguments.Room, arguments.Words);
            default:
                return new ValueTask<VerbReply>(Run(verb, connection, arguments));
        }
    }

    /// <summary>Writes the log line of a verb (core.md L-3); for a door that performs it itself.</summary>
    public void LogPerformed(Verb verb, Connection connection)
    {
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            Log.Performed(_logger, connection.Type, connection.RemoteIP, VerbTable.NameOf(verb));
        }
    }

    private VerbReply Run(Verb verb, Connection connection, in VerbArguments arguments) =>
        verb switch
        {
            Verb.ParamAdd => ParamAdd(connection, arguments),
            Verb.ParamDelete => ParamDelete(connection, arguments.Key),
            Verb.ParamView => ParamView(connection, arguments.Key),
            Verb.ParamsView => new VerbReply(null, static (writer, state) => ConnectionDetails.WriteParams(writer, ((Connection)state!).Sticky), connection),
            Verb.ParamsDelete => ParamsDelete(connection),
            Verb.DetailsView => new VerbReply(null, static (writer, state) => ConnectionDetails.Write(writer, (Connection)state!), connection),
            Verb.Documentation => VerbReply.Raw(_registry.Documentation),
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "The door performs it itself: Quit and Exit end the connection, File goes to ConnectionSession.SendFileAsync, or is refused with VerbArguments.Refusal."),
        };

    // Keeps a param, if any action knows it (core.md V-3, I-12).
    private VerbReply ParamAdd(Connection connection, in VerbArguments arguments)
    {
        var name = arguments.Key;
        if (!arguments.HasValue)
        {
            return ParamDelete(connection, name);
        }

        if (name.IsEmpty || !IsKept(name))
        {
            return VerbReply.Nothing;
        }

        if ((connection.Sticky?.Size ?? 0) + name.Length + (long)arguments.Value.Length > _maxStickyLength)
        {
            return VerbReply.Failure(_texts.ParamsTooLarge(_maxStickyLength));
        }

        connection.OwnSticky().Set(name, arguments.Value, ParamKind.Text);
        return VerbReply.Nothing;
    }

    private static VerbReply ParamDelete(Connection connection, ReadOnlySpan<byte> name)
    {
        if (connection.Sticky?.IndexOf(name) is >= 0)
        {
            connection.OwnSticky().Remove(name);
        }

        return VerbReply.Nothing;
    }

    private static VerbReply ParamView(Connection connection, ReadOnlySpan<byte> name)
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

    private static VerbReply ParamsDelete(Connection connection)
    {
        connection.ReplaceSticky(null);
        return VerbReply.Nothing;
    }

    private ValueTask<VerbReply> SayAsync(Connection connection, string room, string words)
    {
        try
        {
            var said = _rooms.TrySayAsync(connection, room, words, connection.Closing);
            return said.IsCompletedSuccessfully
                ? new ValueTask<VerbReply>(said.Result is { } error ? VerbReply.Failure(error) : VerbReply.Nothing)
                : GuardAsync(said, VerbReply.Nothing, Verb.Say, connection);
        }
        catch (Exception exception)
        {
            return new ValueTask<VerbReply>(Failed(exception, Verb.Say, connection));
        }
    }

    private async ValueTask<VerbReply> RoomViewAsync(Connection connection, string room)
    {
        if (!connection.IsIn(room))
        {
            return VerbReply.Failure(_texts.ConnectionNotInRoom(room));
        }

        try
        {
            var status = await _rooms.StatusAsync(room, connection.Closing);
            return VerbReply.Raw(JsonSerializer.SerializeToUtf8Bytes(status, _json.GetTypeInfo<RoomStatus>()));
        }
        catch (Exception exception)
        {
            return Failed(exception, Verb.RoomView, connection);
        }
    }

    private async ValueTask<VerbReply> GuardAsync(ValueTask<string?> work, VerbReply success, Verb verb, Connection connection)
    {
        try
        {
            return await work is { } error ? VerbReply.Failure(error) : success;
        }
        catch (Exception exception)
        {
            return Failed(exception, verb, connection);
        }
    }

    // Whatever a middleware or a store throws, a time-out of its own included, is the answer to this verb and no more.
    private VerbReply Failed(Exception exception, Verb verb, Connection connection)
    {
        if (exception is OperationCanceledException && connection.IsClosed)
        {
            // Its connection is gone: nobody hears the answer, and nothing is wrong.
            return VerbReply.Failure(_texts.InternalError);
        }

        if (exception is ActionException refusal)
        {
            return VerbReply.Failure(_texts.TextOf(refusal));
        }

        var (name, traceId) = (VerbTable.NameOf(verb), UnexpectedErrors.TraceId());
        Log.Failed(_logger, exception, name, connection.Type, traceId);
        _unexpected.Report(new ExceptionReport { Exception = exception, Source = ExceptionSource.Verb, Name = name, Connection = connection, TraceId = traceId });
        return VerbReply.Failure(_unexpected.TextOf(exception, traceId));
    }

    private bool IsKept(ReadOnlySpan<byte> name)
    {
        if (_registry.PostVariables is not { } known)
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
