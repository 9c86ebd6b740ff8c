using System.Diagnostics.CodeAnalysis;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.Diagnostics;

namespace Polywire.Pipeline;

/// <summary>Runs actions: limits, middleware, binding of inputs, the action, and the one place where exceptions are caught (core.md P-3).</summary>
/// <remarks>A run that ends without waiting allocates nothing here. Safe to use concurrently.</remarks>
[Experimental("PWX0001")]
public sealed class ActionProcessor
{
    private readonly ActionRegistry _registry;
    private readonly IServiceScopeFactory _scopes;
    private readonly ServerState _state;
    private readonly ErrorCatalog _texts;
    private readonly TimeProvider _time;
    private readonly ActionLog _log;
    private readonly PolywireMetrics _metrics;
    private readonly int _simultaneousActions;
    private readonly TimeSpan _timeout;
    private readonly UnexpectedErrors _unexpected;
    private readonly RequestCounters _counters;
    private readonly MissingChecks _missingChecks;

    internal ActionProcessor(
        ActionRegistry registry,
        IServiceScopeFactory scopes,
        ServerState state,
        ErrorCatalog texts,
        TimeProvider time,
        ActionLog log,
        PolywireMetrics metrics,
        UnexpectedErrors unexpected,
        RequestCounters counters,
        IOptions<PolywireOptions> options)
    {
        _registry = registry;
        _scopes = scopes;
        _state = state;
        _texts = texts;
        _time = time;
        _log = log;
        _metrics = metrics;
        _simultaneousActions = options.Value.SimultaneousActions;
        _timeout = options.Value.ActionTimeout;
        _unexpected = unexpected;
        _counters = counters;
        _missingChecks = options.Value.MissingChecks;
    }

    /// <summary>Runs the action that the params name. Never throws.</summary>
    /// <param name="connection">The connection that the request came over.</param>
    /// <param name="context">Rented, with the params attached; belongs to the processor until the response is ended.</param>
    public ValueTask<ActionResponse> ProcessAsync(Connection connection, ActionContext context)
    {
        var pending = connection.BeginAction();
        _counters.Count(connection);
        var action = _registry.Find(context.Params);
        var isTimed = connection.Transport == Transports.Web || _log.Writes(action) || _metrics.MeasuresActions;
        var started = isTimed ? _time.GetTimestamp() : 0;
        var error =
            _state.IsStopping ? new ActionError { Status = ActionStatus.ServerShuttingDown, Message = _texts.ServerShuttingDown }
            : pending > _simultaneousActions ? new ActionError { Status = ActionStatus.TooManyRequests, Message = _texts.TooManyPendingActions }
            : action is null ? new ActionError { Status = ActionStatus.UnknownAction, Message = _texts.UnknownAction }
            : !action.Allows(connection.Transport)
                ? new ActionError { Status = ActionStatus.UnsupportedServerType, Message = _texts.UnsupportedServerType(connection.Type) }
            : null;
        if (error is not null)
        {
            return new ValueTask<ActionResponse>(Complete(connection, context, action, error, started));
        }

        context.Start(connection, action!);
        context.Texts = _texts;
        context.ScopeFactory = _scopes;
        context.InputErrors.Checks = _missingChecks;
        var flow = ExecutionContext.Capture();
        var activity = StartActivity(context, action!);
        var run = InvokeAsync(action!, context);
        if (flow is not null && ExecutionContext.Capture() != flow)
        {
            // Whoever reads the next request goes on in this flow: a run is not the parent of the next one (core.md N-10), and the next
            // one, another's perhaps, does not find what this one left: culture, asynchronous locals.
            ExecutionContext.Restore(flow);
        }

        if (!run.IsCompletedSuccessfully || activity is not null)
        {
            return AwaitAsync(run, connection, context, action!, started, activity);
        }

        run.GetAwaiter().GetResult();
        return new ValueTask<ActionResponse>(Complete(connection, context, action, context.Error, started));
    }

    /// <summary>Ends a run: disposes its services and frees its context. Call it once for each response, when the answer has been queued or dropped.</summary>
    public ValueTask EndAsync(in ActionResponse response)
    {
        var context = response.Context;
        if (response.TimedOut)
        {
            response.Connection.EndAction();
            return default;
        }

        if (context.Scope is not null || StreamOf(context) is not null)
        {
            return EndWithScopeAsync(response);
        }

        response.Connection.EndAction();
        ActionContextPool.Return(context);
        return default;
    }

    /// <summary>Ends a response without waiting for its services to be disposed; the run stays pending until they are.</summary>
    public void End(in ActionResponse response)
    {
        var end = EndAsync(response);
        if (!end.IsCompletedSuccessfully)
        {
            _ = end.AsTask();
        }
    }

    /// <summary>What goes on behind the limits: middleware, then the action; everything thrown ends on the context.</summary>
    internal static async ValueTask GuardAsync(ValueTask run, ActionContext context, ActionProcessor processor)
    {
        try
        {
            await run;
        }
        catch (Exception exception)
        {
            processor.Fail(context, exception);
        }
    }

    /// <summary>Binds, validates and runs the action itself; the innermost step of every chain.</summary>
    internal ValueTask RunActionAsync(ActionContext context)
    {
        context.Params.Reduce(context.Action.Filter);
        try
        {
            var run = context.Action.InvokeAsync(context);
            if (context.Action.AfterRun.Length > 0)
            {
                return GuardAsync(RunAfterAsync(run, context), context, this);
            }

            if (!run.IsCompletedSuccessfully)
            {
                return GuardAsync(run, context, this);
            }

            run.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            Fail(context, exception);
        }

        return default;
    }

    // In ascending order and only after a success, as ActionHero's (core.md M-2 to M-4).
    private static async ValueTask RunAfterAsync(ValueTask run, ActionContext context)
    {
        await run;
        foreach (var resolve in context.Action.AfterRun)
        {
            if (context.Error is not null || !context.ToProcess)
            {
                return;
            }

            await resolve(context.Services).PostProcessAsync(context);
        }
    }

    private ValueTask InvokeAsync(ActionDescriptor action, ActionContext context)
    {
        if (action.Pipeline is not { } pipeline)
        {
            return RunActionAsync(context);
        }

        try
        {
            var run = pipeline(context);
            if (!run.IsCompletedSuccessfully)
            {
                return GuardAsync(run, context, this);
            }

            run.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            Fail(context, exception);
        }

        return default;
    }

    private async ValueTask<ActionResponse> AwaitAsync(
        ValueTask run, Connection connection, ActionContext context, ActionDescriptor action, long started, Activity? activity)
    {
        // Only a run that waits is followed: while it does not, its connection reads nothing that could end it.
        connection.Track(context);
        if (activity is not null)
        {
            Activity.Current = activity;
        }

        var timeout = action.Timeout ?? _timeout;
        if (timeout <= TimeSpan.Zero || run.IsCompleted)
        {
            await run;
        }
        else
        {
            var work = run.AsTask();
            var deadline = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            context.ArmDeadline(timeout, _time, static state => ((TaskCompletionSource)state!).TrySetResult(), deadline);
            var timedOut = await Task.WhenAny(work, deadline.Task) != work;
            context.DisarmDeadline();
            if (timedOut)
            {
                context.IsAbandoned = true;
                connection.Untrack(context);
                var late = new ActionError { Status = ActionStatus.Timeout, Message = _texts.Timeout };

                // Before the run hears of it: it may end inside the cancellation, and its params are given back when it ends.
                var response = Complete(connection, context, action, late, started, timedOut: true);
                End(activity, late);
                _ = AbandonAsync(work, context, action);
                return response;
            }
        }

        connection.Untrack(context);
        var ended = Complete(connection, context, action, context.Error, started);
        End(activity, ended.Error);
        return ended;
    }

    // Nobody waits for this: the run is told to stop and has been answered. What it holds is given back when it does stop.
    private async Task AbandonAsync(Task work, ActionContext context, ActionDescriptor action)
    {
        try
        {
            // Callbacks of the application run on another thread, so that they do not hold up the answer.
            await context.Cancellation.CancelAsync();
        }
        catch (AggregateException exception)
        {
            TellAbandoned(action, exception);
        }

        try
        {
            await work;
            await ReleaseAsync(context);
        }
        catch (Exception exception)
        {
            TellAbandoned(action, exception);
        }

        context.Params.Reset();
    }

    // A stream is given away for good: it was sent, or could not be.
    private static async ValueTask ReleaseAsync(ActionContext context)
    {
        try
        {
            if (StreamOf(context) is { } stream)
            {
                await stream.DisposeAsync();
            }
        }
        finally
        {
            await context.DisposeScopeAsync();
        }
    }

    private static Stream? StreamOf(ActionContext context) => (context.Result as ActionResult)?.StreamContent;

    private async ValueTask EndWithScopeAsync(ActionResponse response)
    {
        try
        {
            await ReleaseAsync(response.Context);
        }
        catch (Exception exception)
        {
            Tell(response.Action!, response.Connection, exception);
        }
        finally
        {
            response.Connection.EndAction();
            ActionContextPool.Return(response.Context);
        }
    }

    private ActionResponse Complete(
        Connection connection, ActionContext context, ActionDescriptor? action, ActionError? error, long started, bool timedOut = false)
    {
        var duration = started == 0 ? TimeSpan.Zero : _time.GetElapsedTime(started);
        var status = error?.Status ?? ActionStatus.Success;
        _log.Completed(context, connection, action, _registry.Secrets, error, duration);
        _metrics.ActionCompleted(action, connection, status, duration);
        return new ActionResponse(context, connection, action, error, timedOut, duration);
    }

    private void Fail(ActionContext context, Exception exception)
    {
        var error = exception switch
        {
            ActionException told => new ActionError
            {
                Status = told.Status,
                Message = _texts.TextOf(told),
                Value = told.Value,
                Exception = told,
            },
            OperationCanceledException when context.Aborted.IsCancellationRequested =>
                new ActionError { Status = ActionStatus.Cancelled, Message = _texts.Cancelled, Exception = exception },
            _ => Unexpected(context, exception),
        };
        try
        {
            context.Error = _texts.OnError(context, error);
        }
        catch (Exception failure)
        {
            // The application's catalogue failed. The client is owed the answer all the same.
            Tell(context.Action, context.Connection, failure);
            context.Error = error;
        }
    }

    private ActionError Unexpected(ActionContext context, Exception exception)
    {
        var traceId = Tell(context.Action, context.Connection, exception);
        return new ActionError { Status = ActionStatus.GenericError, Message = _unexpected.TextOf(exception, traceId), Exception = exception };
    }

    private string Tell(ActionDescriptor action, Connection connection, Exception exception)
    {
        var traceId = UnexpectedErrors.TraceId();
        _log.Failed(action, connection, exception, traceId);
        _unexpected.Report(new ExceptionReport
        {
            Exception = exception,
            Source = ExceptionSource.Action,
            Name = action.ToString(),
            Connection = connection,
            TraceId = traceId,
        });
        return traceId;
    }

    // Its connection has long been answered, and may be gone.
    private void TellAbandoned(ActionDescriptor action, Exception exception)
    {
        _log.AbandonedFailed(action, exception);
        if (exception is not (OperationCanceledException or ActionException))
        {
            _unexpected.Report(new ExceptionReport { Exception = exception, Source = ExceptionSource.Action, Name = action.ToString() });
        }
    }

    private static void End(Activity? activity, ActionError? error)
    {
        activity?.SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error?.Message);
        activity?.Dispose();
    }

    private static Activity? StartActivity(ActionContext context, ActionDescriptor action)
    {
        if (!PolywireTelemetry.Source.HasListeners())
        {
            return null;
        }

        var activity = PolywireTelemetry.Source.StartActivity($"action {action.Name}", ActivityKind.Server);
        activity?.SetTag("polywire.transport", context.Connection.Type);
        activity?.SetTag("polywire.connection.id", context.Connection.Id);
        activity?.SetTag("polywire.action.version", action.Version.ToString());
        return activity;
    }
}
