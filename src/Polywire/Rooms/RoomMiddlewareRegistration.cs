namespace Polywire.Rooms;

/// <summary>A room middleware and its place.</summary>
internal sealed record RoomMiddlewareRegistration(int Order, Func<IServiceProvider, IRoomMiddleware> Resolve);
