using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Http;

/// <summary>Requests byte for byte as the test has them: no client in between that tidies paths or headers.</summary>
internal static class RawHttp
{
    /// <summary>One request on a connection of its own.</summary>
    /// <param name="address">The server's.</param>
    /// <param name="target">The request target, every character of it a byte.</param>
    /// <param name="headers">Lines without their ends, besides <c>Host</c> and <c>Connection</c>.</param>
    /// <param name="method">The method.</param>
    public static Task<RawAnswer> GetAsync(Uri address, string target, string[]? headers = null, string method = "GET")
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        foreach (var header in headers ?? [])
        {
            head.Append(header).Append("\r\n");
        }

        return SendAsync(address, head.Append("\r\n").ToString(), method == "HEAD");
    }

    /// <summary>Sends bytes and reads until the server closes.</summary>
    public static async Task<RawAnswer> SendAsync(Uri address, string bytes, bool isHead = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes)).WithinLimit();
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WithinLimit();
        }
        catch (IOException)
        {
            // A reset ends an answer as well, one that was cut off.
        }

        return RawAnswer.Parse(answer.ToArray(), isHead);
    }
}
