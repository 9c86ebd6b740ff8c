using System.Runtime.CompilerServices;
using Polywire.TestSupport;

namespace Polywire.Sockhop.Tests;

/// <summary>Waits for what no event tells.</summary>
internal static class Until
{
    /// <summary>Looks again and again, but not for ever.</summary>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Task.Run(async () =>
        {
            while (!condition())
            {
                await Task.Yield();
            }
        }).WithinLimit(what);
}
