using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Polywire.Params;

namespace Polywire.Pipeline;

/// <summary>Keeps contexts of ended runs for the next ones.</summary>
[Experimental("PWX0001")]
public static class ActionContextPool
{
    private const int Shared = 256;

    [ThreadStatic]
    private static ActionContext? _spare;

    private static readonly ConcurrentQueue<ActionContext> Spares = new();

    /// <summary>Takes a context for one run; it belongs to the processor from the call of <see cref="ActionProcessor.ProcessAsync"/> on.</summary>
    /// <param name="parameters">The context is a holder of them from now on; null for none.</param>
    /// <param name="http">The request, on the web; null elsewhere.</param>
    public static ActionContext Rent(ParamSet? parameters, IActionHttp? http = null)
    {
        var context = Take();
        context.Params.Attach(parameters);
        context.Http = http;
        return context;
    }

    internal static ActionContext Rent() => Take();

    private static ActionContext Take()
    {
        var context = _spare;
        if (context is not null)
        {
            _spare = null;
            return context;
        }

        return Spares.TryDequeue(out context) ? context : new ActionContext();
    }

    internal static void Return(ActionContext context)
    {
        if (!context.Reset())
        {
            return;
        }

        if (_spare is null)
        {
            _spare = context;
        }
        else if (Spares.Count < Shared)
        {
            Spares.Enqueue(context);
        }
    }
}
