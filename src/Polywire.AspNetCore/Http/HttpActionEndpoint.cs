using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Params;
using Polywire.AspNetCore.Http.Routing;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Http;

/// <summary>One web request in mode action: params in, processor, answer out.</summary>
internal sealed class HttpActionEndpoint(
    WebRequestOpener opener,
    HttpParamsReader parameters,
    HttpResponseWriter writer,
    ActionProcessor processor,
    ActionRegistry registry,
    IOptions<WebOptions> options)
{
    private readonly bool _queryRouting = options.Value.QueryRouting;
    private readonly bool _routeOverQuery = options.Value.RouteOverQuery;

    private Func<WebRequest, Task>? _serve;

    public Task InvokeAsync(HttpContext http) => opener.ServeAsync(http, _serve ??= ServeAsync);

    private async Task ServeAsync(WebRequest request)
    {
        var http = request.Http;
        using var received = parameters.ReadQuery(request.Target.Query);
        try
        {
            await parameters.ReadBodyAsync(http, received);
            parameters.CheckCallback(received);
            if (received.Problem != HttpBodyProblem.None)
            {
                await writer.WriteBodyProblemAsync(request, received);
                return;
            }

            ApplyRoute(request, received);
            if (http.Request.IsTrace())
            {
                await writer.WriteTraceAsync(request, received);
                return;
            }

            await RunAsync(request, received);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; nobody reads an answer.
        }
    }

    private void ApplyRoute(WebRequest request, HttpParams received)
    {
        var set = received.Set;
        if (!_queryRouting)
        {
            received.DropAction();
        }
        else if (!_routeOverQuery && request.Route is not null && NamesAction(set))
        {
            request.Route = null;
        }

        if (request.Route is { } match)
        {
            RouteParams.Apply(match, set);
        }
    }

    private bool NamesAction(ParamSet set) => set.TryFind("action"u8, out var name) && name.IsString && registry.Exists(name.GetText());

    // Only a run that waits can see its client go.
    private static async ValueTask<ActionResponse> FollowAsync(ValueTask<ActionResponse> run, WebRequest request)
    {
        await using var gone = request.Http.RequestAborted.UnsafeRegister(static state =>
        {
            var connection = (HttpConnection)state!;
            connection.MarkClosed();
            connection.CancelRuns();
        }, request.Connection);
        return await run;
    }

    private async Task RunAsync(WebRequest request, HttpParams received)
    {
        var context = ActionContextPool.Rent();
        context.Params.Attach(received.Set.Share());
        context.Http = new HttpExchange(request, received);
        var run = processor.ProcessAsync(request.Connection, context);
        var response = run.IsCompleted ? run.Result : await FollowAsync(run, request);
        try
        {
            await writer.WriteAsync(request, response, received);
        }
        finally
        {
            await processor.EndAsync(response);
        }
    }
}
