using System.Collections.Concurrent;

namespace Polywire.Pipeline;

/// <summary>Keeps contexts of ended runs for the next ones.</summary>
internal static class ActionContextPool
{
    private const int Shared = 256;

    [ThreadStatic]
    private static ActionContext? _spare;

    private static readonly ConcurrentQueue<ActionContext> Spares = new();

    public static ActionContext Rent()
    {
        var context = _spare;
        if (context is not null)
        {
            _spare = null;
            return context;
        }

        return Spares.TryDequeue(out context) ? context : new ActionContext();
    }

    public static void Return(ActionContext context)
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
