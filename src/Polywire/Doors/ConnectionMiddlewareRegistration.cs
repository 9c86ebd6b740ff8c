namespace Polywire.Doors;

/// <summary>A connection middleware and its place.</summary>
internal sealed record ConnectionMiddlewareRegistration(int Order, Func<IServiceProvider, IConnectionMiddleware> Resolve);
