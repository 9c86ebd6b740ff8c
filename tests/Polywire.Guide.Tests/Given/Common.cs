// What readers have and pages do not show, on all pages.
global using static GivenCommon;
using System.Threading;
using Microsoft.AspNetCore.Builder;
using Polywire;

internal static class GivenCommon
{
    public static WebApplicationBuilder builder => throw new NotSupportedException();
    public static WebApplication app => throw new NotSupportedException();
    public static ActionContext context => throw new NotSupportedException();
    public static CancellationToken cancellationToken => default;
    public static Connection connection => throw new NotSupportedException();
    public static ICache cache => throw new NotSupportedException();
}
