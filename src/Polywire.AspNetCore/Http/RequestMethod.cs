using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http;

/// <summary>Which method a request has, with case: to the server <c>head</c> is a method of which it knows nothing, and gets a body.</summary>
internal static class RequestMethod
{
    public static bool IsHead(this HttpRequest request) => request.Method == HttpMethods.Head;

    public static bool IsGet(this HttpRequest request) => request.Method == HttpMethods.Get;

    public static bool IsTrace(this HttpRequest request) => request.Method == HttpMethods.Trace;
}
