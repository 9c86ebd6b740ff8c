using Microsoft.AspNetCore.Http;
using Polywire.Pipeline;

namespace Polywire.AspNetCore.Http;

/// <summary>One web request: params in, processor, answer out.</summary>
internal sealed class HttpActionEndpoint(
    HttpParamsReader parameters, HttpResponseWriter writer, ActionProcessor processor, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var connection = new HttpConnection(http, time);
        var action = (string?)http.Request.RouteValues["action"] ?? string.Empty;
        var received = await parameters.ReadAsync(http, action);
        try
        {
            if (received.Problem != HttpBodyProblem.None)
            {
                await writer.WriteBodyProblemAsync(http, connection, received);
                return;
            }

            await RunAsync(http, connection, received);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; nobody reads an answer.
        }
        finally
        {
            received.Set.Release();
        }
    }

    private async Task RunAsync(HttpContext http, HttpConnection connection, HttpParams received)
    {
        // A client that goes away signals the run's token.
        await using var gone = http.RequestAborted.UnsafeRegister(static state =>
        {
            var connection = (HttpConnection)state!;
            connection.MarkClosed();
            connection.CancelRuns();
        }, connection);
        var context = ActionContextPool.Rent();
        context.Params.Attach(received.Set.Share());
        context.Http = new HttpExchange(http);
        var response = await processor.ProcessAsync(connection, context);
        try
        {
            await writer.WriteAsync(http, connection, response, received);
        }
        finally
        {
            await processor.EndAsync(response);
        }
    }
}
