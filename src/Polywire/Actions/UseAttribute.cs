using Polywire.Actions;

namespace Polywire;

/// <summary>Puts a middleware around one action, inside the global ones; several run in the order they are written.</summary>
/// <typeparam name="TMiddleware">Resolved from the run's services; the host does not start where they have none.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UseAttribute<TMiddleware> : Attribute, IUsesMiddleware
    where TMiddleware : class, IActionMiddleware
{
    Type IUsesMiddleware.MiddlewareType => typeof(TMiddleware);
}
