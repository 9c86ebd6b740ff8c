using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;

namespace Polywire;

/// <summary>Puts pre-processors among middleware.</summary>
/// <remarks>Made for generated code; its members follow the generator, not the application. Within a major version none goes, so what was compiled earlier runs.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PreProcessorStep
{
    /// <summary>The middleware that runs a pre-processor and goes on.</summary>
    public static IActionMiddleware Of<TProcessor>()
        where TProcessor : class, IPreProcessor => Step<TProcessor>.Instance;

    private sealed class Step<TProcessor> : IActionMiddleware
        where TProcessor : class, IPreProcessor
    {
        public static readonly Step<TProcessor> Instance = new();

        public ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
        {
            var done = context.Services.GetRequiredService<TProcessor>().PreProcessAsync(context);
            if (!done.IsCompletedSuccessfully)
            {
                return AwaitAsync(done, context, next);
            }

            done.GetAwaiter().GetResult();
            return next(context);
        }

        private static async ValueTask AwaitAsync(ValueTask done, ActionContext context, ActionDelegate next)
        {
            await done;
            await next(context);
        }
    }
}
