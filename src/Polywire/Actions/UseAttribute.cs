namespace Polywire;

/// <summary>Puts a middleware around one action, inside the global ones; several run in the order they are written.</summary>
/// <typeparam name="TMiddleware">Resolved from the run's services.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UseAttribute<TMiddleware> : Attribute
    where TMiddleware : class, IActionMiddleware;
