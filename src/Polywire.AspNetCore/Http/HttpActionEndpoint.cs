using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.AspNetCore.Http.Answers;
using Polywire.AspNetCore.Http.Params;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.Policies;
using Polywire.Doors;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Http;

/// <summary>One web request in mode action: params in, processor, answer out.</summary>
internal sealed class HttpActionEndpoint(
    WebRequestOpener opener,
    HttpParamsReader parameters,
    HttpResponseWriter writer,
    ActionProcessor processor,
    ActionRegistry registry,
    ActionChoice choice,
    LateRules rules,
    ErrorCatalog texts,
    IOptions<PolywireOptions> polywire)
{
    private Func<WebRequest, Task>? _serve;

    public Task InvokeAsync(HttpContext http) => opener.ServeAsync(http, _serve ??= ServeAsync);

    /// <summary>Answers as to the name of an action that does not exist; neither query nor body is read.</summary>
    public Task RefuseAsync(HttpContext http) => opener.ServeAsync(http, RefuseAsync);

    private async Task RefuseAsync(WebRequest request) =>
        await writer.WriteErrorAsync(request, new ActionError { Status = ActionStatus.UnknownAction, Message = texts.UnknownAction });

    private async Task ServeAsync(WebRequest request)
    {
        var http = request.Http;
        using var received = parameters.ReadQuery(request.Target.Query);
        try
        {
            received.Problem = request.BodyProblem;
            if (received.Problem == HttpBodyProblem.None)
            {
                await parameters.ReadBodyAsync(http, received);
            }

            if (received.Problem == HttpBodyProblem.Gone && TimedOut(http) is { } token)
            {
                throw new OperationCanceledException(token);
            }

            parameters.CheckCallback(received);
            if (received.Problem != HttpBodyProblem.None)
            {
                await writer.WriteBodyProblemAsync(request, received);
                return;
            }

            request.Route = choice.Apply(request.Route, received);
            if (http.Request.IsTrace())
            {
                await writer.WriteTraceAsync(request, received);
                return;
            }

            if (rules.Varies && rules.Refuses(request, registry.Find(received.Set)) is { } refusal)
            {
                await writer.WriteErrorAsync(request, refusal);
                return;
            }

            if (received.Pending is not null && !await PrepareAsync(request, received))
            {
                await writer.WriteBodyProblemAsync(request, received);
                return;
            }

            await RunAsync(request, received);
        }
        catch (Exception exception) when (
            exception is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested && TimedOut(http) is null)
        {
            // The client is gone; nobody reads an answer.
        }
    }

    // Whether the run can begin: what is left of the body then is files that its action takes.
    private async ValueTask<bool> PrepareAsync(WebRequest request, HttpParams received)
    {
        received.ApplyRoute = () => request.Route = choice.Apply(request.Route, received);
        if (registry.Find(received.Set) is { } action && !UploadTakes.Of(action, polywire.Value).Any)
        {
            // Its fields may come behind files that nobody takes, and that go nowhere.
            await parameters.ReadRestAsync(request, received, UploadTakes.Nothing);
        }

        return received.Problem == HttpBodyProblem.None;
    }

    private static CancellationToken? TimedOut(HttpContext http) =>
        http.RequestAborted.IsCancellationRequested
        && http.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken: { IsCancellationRequested: true } token } ? token : null;

    // Only a run that waits can see its client go.
    private static async ValueTask<ActionResponse> FollowAsync(ValueTask<ActionResponse> run, WebRequest request)
    {
        await using var gone = request.Http.RequestAborted.UnsafeRegister(static state =>
        {
            ((HttpConnection)state!).OnGone();
        }, request.Connection);
        return await run;
    }

    private async Task RunAsync(WebRequest request, HttpParams received)
    {
        var context = ActionContextPool.Rent(received.Set.Share(), new HttpExchange(request, received));
        var run = processor.ProcessAsync(request.Connection, context);
        var response = run.IsCompleted ? run.Result : await FollowAsync(run, request);
        try
        {
            if (TimedOut(request.Http) is { } token && response.Error?.Status == ActionStatus.Cancelled)
            {
                // The framework's middleware answers, as its policy says.
                throw new OperationCanceledException(token);
            }

            if (received.Problem == HttpBodyProblem.None || request.Http.Response.HasStarted)
            {
                await writer.WriteAsync(request, response, received);
            }
            else
            {
                (response.Context.Http as HttpExchange)?.End();
                await writer.WriteBodyProblemAsync(request, received);
            }
        }
        finally
        {
            await processor.EndAsync(response);
        }
    }
}
