using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;

namespace Polywire.Testing;

/// <summary>Makes contexts for unit tests of actions and middleware, without a host.</summary>
/// <remarks>
/// Nothing runs around it: no validation, no deadline, no middleware. Where those count, <see cref="PolywireTestHost"/> has them.
/// </remarks>
public static class TestActionContext
{
    /// <summary>Makes the context of a run that has begun.</summary>
    /// <param name="configure">Says who asks and with what; null for a client of whom nothing is known.</param>
    public static ActionContext Create(Action<TestActionContextOptions>? configure = null)
    {
        var options = new TestActionContextOptions();
        configure?.Invoke(options);
        var action = options.Action ?? DelegateActions.CreateDynamic("test", static _ => { }, static (_, _) => Task.CompletedTask);
        var context = new ActionContext
        {
            Http = options.Http,
            Texts = new ErrorCatalog(),
            ScopeFactory = new OneScope(options.Services),
        };
        context.Start(options.Connection, action);
        foreach (var (name, value) in options.Params)
        {
            context.Params[name] = value;
        }

        if (options.Aborted.CanBeCanceled)
        {
            // Lives as long as the test's own token.
            _ = options.Aborted.UnsafeRegister(static state => ((ActionContext)state!).Cancel(), context);
        }

        return context;
    }

    /// <summary>The services of the test, whatever scope is asked for; belongs to the test, and is not disposed.</summary>
    [SuppressMessage("Reliability", "CA1001", Justification = "It disposes nothing.")]
    private sealed class OneScope(IServiceProvider? services) : IServiceScopeFactory, IServiceScope, IServiceProvider
    {
        public IServiceProvider ServiceProvider => services ?? this;

        public IServiceScope CreateScope() => this;

        public object? GetService(Type serviceType) => null;

        public void Dispose()
        {
        }
    }
}
