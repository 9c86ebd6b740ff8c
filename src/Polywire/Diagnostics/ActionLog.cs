using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Params;

namespace Polywire.Diagnostics;

/// <summary>Writes the one line of each run (core.md 5.4), with secrets and long texts taken out.</summary>
internal sealed partial class ActionLog(ILoggerFactory loggers, IOptions<PolywireOptions> options)
{
    private readonly ILogger _logger = loggers.CreateLogger("Polywire.Actions");
    private readonly ParamsLine _params = new(options.Value);
    private readonly int _maxLength = options.Value.MaxLogStringLength;

    /// <summary>Whether an action's line is written at all.</summary>
    public bool Writes(ActionDescriptor? action) => _logger.IsEnabled(action?.LogLevel ?? LogLevel.Information);

    /// <summary>Writes the line of one run.</summary>
    /// <param name="context">Has the params.</param>
    /// <param name="connection">Who asked.</param>
    /// <param name="action">What ran; null where no action was found.</param>
    /// <param name="secrets">The secret inputs of all actions, for params that are no input of this one.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    /// <param name="duration">From the request to the answer.</param>
    public void Completed(
        ActionContext context,
        Connection connection,
        ActionDescriptor? action,
        IReadOnlyList<InputDescriptor> secrets,
        ActionError? error,
        TimeSpan duration)
    {
        var level = action?.LogLevel ?? LogLevel.Information;
        if (!_logger.IsEnabled(level))
        {
            return;
        }

        var name = action?.Name ?? (context.Params.Set is { } set && set.TryFind("action"u8, out var sent) ? LogText.OneLine(sent.GetText(), _maxLength) : string.Empty);
        var text = error is null ? null : LogText.OneLine(error.Message, Math.Max(_maxLength, LogText.ErrorLength));
        Log.ActionCompleted(
            _logger, level, connection.Type, connection.RemoteIP, name, Describe(context.Params.Set, action?.Inputs ?? [], secrets), duration.TotalMilliseconds, text);
    }

    /// <summary>Tells of an exception that nobody expected.</summary>
    public void Failed(ActionDescriptor action, Connection connection, Exception exception, string traceId) =>
        Log.ActionFailed(_logger, exception, action, connection.Type, traceId);

    /// <summary>Tells how a run ended that had been answered long before.</summary>
    public void AbandonedFailed(ActionDescriptor action, Exception exception) => Log.AbandonedActionFailed(_logger, exception, action);

    /// <inheritdoc cref="ParamsLine.Write"/>
    internal string Describe(ParamSet? set, IReadOnlyList<InputDescriptor> inputs, IReadOnlyList<InputDescriptor> secrets) => _params.Write(set, inputs, secrets);

    private static partial class Log
    {
        // The parameter's upper case keeps the generator from calling the value "@params".
        [LoggerMessage(
            EventId = EventIds.ActionCompleted,
            Message = "[ action @ {Type} ] to={To} action={Action} params={Params} duration={Duration} error={Error}")]
        public static partial void ActionCompleted(
            ILogger logger, LogLevel level, string type, string to, string action, string Params, double duration, string? error);

        [LoggerMessage(EventIds.ActionFailed, LogLevel.Error, "Action {Action} failed on {Type} with an exception that is not an ActionException (trace {TraceId})")]
        public static partial void ActionFailed(ILogger logger, Exception exception, ActionDescriptor action, string type, string traceId);

        [LoggerMessage(EventIds.AbandonedActionFailed, LogLevel.Warning, "Action {Action} failed after it had been answered at its deadline")]
        public static partial void AbandonedActionFailed(ILogger logger, Exception exception, ActionDescriptor action);
    }
}
