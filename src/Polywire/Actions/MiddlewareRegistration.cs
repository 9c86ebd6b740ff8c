namespace Polywire.Actions;

/// <summary>A middleware that runs around every action.</summary>
/// <param name="Order">Ascending; equal ones in the order they were registered (core.md M-7).</param>
/// <param name="Resolve">Asks the run's services for it.</param>
internal sealed record MiddlewareRegistration(int Order, Func<IServiceProvider, IActionMiddleware> Resolve);
