using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http.Answers;

internal static class HttpResponseExtensions
{
    /// <summary>Tells the client that the connection ends with this answer, where its version of HTTP has a word for it.</summary>
    public static void AnnounceClose(this HttpResponse response)
    {
        if (response.HttpContext.Request.Protocol is var protocol && (HttpProtocol.IsHttp11(protocol) || HttpProtocol.IsHttp10(protocol)))
        {
            response.Headers.Connection = "close";
        }
    }
}
