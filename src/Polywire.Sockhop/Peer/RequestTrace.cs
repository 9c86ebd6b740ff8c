using System.Diagnostics;

namespace Polywire.Sockhop.Peer;

/// <summary>Activities of requests, at the end that asks and at the one that is asked.</summary>
internal static class RequestTrace
{
    /// <summary>Whether anybody listens; if not, nothing is spent on them.</summary>
    public static bool IsWanted => SockhopTelemetry.Source.HasListeners();

    /// <summary>Begins one that ends with the reply and is current for nobody: what its caller does meanwhile is no part of it.</summary>
    public static Activity? BeginAsking(string type)
    {
        var caller = Activity.Current;
        var activity = Start(type, ActivityKind.Client);
        Activity.Current = caller;
        return activity;
    }

    public static async Task<T> EndAsync<T>(Activity? activity, Task<T> reply)
    {
        using (activity)
        {
            try
            {
                return await reply.ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
                throw;
            }
        }
    }

    /// <summary>Runs a handler within one.</summary>
    public static async ValueTask HandleAsync(string type, Func<ValueTask> handle)
    {
        using var activity = Start(type, ActivityKind.Server);
        try
        {
            await handle().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    private static Activity? Start(string type, ActivityKind kind) => SockhopTelemetry.Source.StartActivity($"request {type}", kind);
}
