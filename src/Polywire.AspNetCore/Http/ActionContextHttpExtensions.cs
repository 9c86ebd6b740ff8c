using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http;

namespace Polywire;

/// <summary>Gets ASP.NET Core's objects from the run of an action.</summary>
public static class ActionContextHttpExtensions
{
    /// <summary>Gets the request that the run came with, for what <see cref="ActionContext.Http"/> does not have: features, sign-in, endpoints.</summary>
    /// <param name="context">The context of the run.</param>
    /// <returns>
    /// <see langword="null"/> on every transport but HTTP, a WebSocket included: it outlives the request that opened it. Valid until the answer is
    /// sent; not safe for concurrent use, as everywhere in ASP.NET Core.
    /// </returns>
    /// <exception cref="InvalidOperationException">The request has been answered, at the run's deadline for instance.</exception>
    public static HttpContext? GetHttpContext(this ActionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.Http as HttpExchange)?.HttpContext;
    }
}
