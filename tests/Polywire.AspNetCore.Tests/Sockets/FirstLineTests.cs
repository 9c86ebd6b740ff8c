using System.Text;
using Polywire.AspNetCore.Sockets;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets;

/// <summary>What the first line of a connection tells of its peer, however it is cut.</summary>
public sealed class FirstLineTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n"), InlineData("POST /api/x?y=1 HTTP/1.1\r\nHost: x\r\n\r\n{}\r\n"), InlineData("HEAD / HTTP/1.0\n"), InlineData("PUT /x HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1"), InlineData("DELETE /x HTTP/1.1"), InlineData("PATCH /x HTTP/1.1"), InlineData("TRACE /x HTTP/1.1"), InlineData("CONNECT host:5000 HTTP/1.1")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), InlineData("GET http://host:5000/x HTTP/1.1"), InlineData("M-SEARCH * HTTP/1.1"), InlineData("VERSION-CONTROL /x HTTP/1.1")]
    [InlineData("PROPFIND /x HTTP/1.1"), InlineData("GET /%7B%22action%22:1%7D HTTP/1.1"), InlineData("\r\n\r\nGET / HTTP/1.1"), InlineData("\nGET / HTTP/0.9"), InlineData("X / HTTP/9")]
    public void KnowsHttp(string text) => KindsOf(text).ShouldAllBe(kind => kind == FirstLineKind.Http);

    [Theory]
    [InlineData("{\"action\":\"GET / HTTP/1.1\"}\n"), InlineData("\"GET / HTTP/1.1\"\n"), InlineData("quit\n"), InlineData("say room GET / HTTP/1.1\n"), InlineData("status\nGET / HTTP/1.1\n")]
    [InlineData("get / HTTP/1.1\n"), InlineData("Get / HTTP/1.1\n"), InlineData("GET / http/1.1\n"), InlineData("GET /\n"), InlineData("GET  / HTTP/1.1\n"), InlineData("GET / HTTP/x\n")]
    [InlineData("GET / HTTP /1.1\n"), InlineData("GET / FTP/1.1\n"), InlineData(" GET / HTTP/1.1\n"), InlineData("GET\t/ HTTP/1.1\n"), InlineData("GET /\tHTTP/1.1\n"), InlineData("GET\n/ HTTP/1.1\n")]
    [InlineData("GET \n / HTTP/1.1\n"), InlineData("GET /\r\n HTTP/1.1\n"), InlineData("GET / HTTP/\n1.1\n"), InlineData("1GET / HTTP/1.1\n"), InlineData("HTTP/1.1 200 OK\n"), InlineData("STATUS\n")]
    [InlineData("PARAMADD key=HTTP/1.1\n"), InlineData("\u0016\u0002\u0001\n"), InlineData("\u0016\u0003\u0005\n"), InlineData("\u0016 / HTTP/1.1\n"), InlineData("Ä / HTTP/1.1\n")]
    public void LeavesEverythingElse(string text) => KindsOf(text).ShouldAllBe(kind => kind == FirstLineKind.Usual);

    [Theory, InlineData("\u0016\u0003\u0001\u0002\u0000\u0001"), InlineData("\u0016\u0003\u0003"), InlineData("\u0016\u0003\u0004")]
    public void KnowsTls(string text) => KindsOf(text).ShouldAllBe(kind => kind == FirstLineKind.Tls);

    [Theory, InlineData("GET /"), InlineData("GET / HTTP/"), InlineData("\r\n"), InlineData("\u0016\u0003"), InlineData("")]
    public void WaitsForTheRest(string text) => KindsOf(text).ShouldAllBe(kind => kind == FirstLineKind.Open);

    [Fact]
    public void KnowsHttpBehindALongTarget() => KindsOf($"GET /{new string('a', 300_000)} HTTP/1.1").ShouldAllBe(kind => kind == FirstLineKind.Http);

    private static List<FirstLineKind> KindsOf(string text)
    {
        var kinds = new List<FirstLineKind>();
        foreach (var split in Splits.Of(Encoding.UTF8.GetBytes(text)))
        {
            var line = default(FirstLine);
            var kind = FirstLineKind.Open;
            foreach (var piece in split.Pieces)
            {
                if (!line.IsOver)
                {
                    kind = line.Look(piece.Span);
                }
            }

            kinds.Add(kind);
        }

        return kinds;
    }
}
