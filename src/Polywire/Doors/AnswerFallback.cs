using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Json;
using Polywire.Outbound;
using Polywire.Pipeline;

namespace Polywire.Doors;

/// <summary>What a client is told in the place of an answer that cannot be sent, the same on every door.</summary>
internal static partial class AnswerFallback
{
    /// <summary>Whether the answer of an action is larger than may wait on a connection. That is logged, and the buffer emptied.</summary>
    /// <param name="services">Whose log and texts count.</param>
    /// <param name="limits">Those of the connection.</param>
    /// <param name="buffer">With the whole answer.</param>
    /// <param name="response">What was answered.</param>
    /// <param name="instead">To be sent in its place.</param>
    public static bool IsTooLarge(ConnectionServices services, OutboundLimits limits, ResponseBuffer buffer, in ActionResponse response, out VerbReply instead)
    {
        if (buffer.Length <= limits.MaxBytes)
        {
            instead = default;
            return false;
        }

        // Not the reader's fault, and no reason to part.
        Log.TooLarge(services.Logger, response.Action, buffer.Length, limits.MaxBytes);
        buffer.Truncate(0);
        instead = VerbReply.Failure(services.Texts.AnswerTooLarge);
        return true;
    }

    /// <summary>Logs that a verb's data could not be written, which is no reason to cut the connection, and empties the buffer.</summary>
    /// <returns>To be sent in its place.</returns>
    public static VerbReply Unwritable(ConnectionServices services, ResponseBuffer buffer, Connection connection, Exception exception)
    {
        Log.ReplyFailed(services.Logger, exception, connection.Type);
        return InternalError(services, buffer);
    }

    /// <summary>Logs that the protocol could not write the answer of an action, which is no reason to cut the connection, and empties the buffer.</summary>
    /// <returns>To be sent in its place.</returns>
    public static VerbReply Unwritable(
        ConnectionServices services, ResponseBuffer buffer, Connection connection, in ActionResponse response, Exception exception)
    {
        Log.AnswerFailed(services.Logger, exception, connection.Type, response.Action);
        return InternalError(services, buffer);
    }

    private static VerbReply InternalError(ConnectionServices services, ResponseBuffer buffer)
    {
        buffer.Writer.Reset(buffer);
        buffer.Truncate(0);
        return VerbReply.Failure(services.Texts.InternalError);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.AnswerTooLarge,
            LogLevel.Error,
            "The answer of action {Action} has {Bytes} bytes; a connection takes {MaxBytes} at most (MaxQueueLength), so an error was sent in its place")]
        public static partial void TooLarge(ILogger logger, ActionDescriptor? action, int bytes, int maxBytes);

        [LoggerMessage(EventIds.VerbReplyFailed, LogLevel.Error, "[server: {Type}] the answer to a verb could not be written as JSON")]
        public static partial void ReplyFailed(ILogger logger, Exception exception, string type);

        [LoggerMessage(EventIds.AnswerFailed, LogLevel.Error, "[server: {Type}] the answer of action {Action} could not be written")]
        public static partial void AnswerFailed(ILogger logger, Exception exception, string type, ActionDescriptor? action);
    }
}
