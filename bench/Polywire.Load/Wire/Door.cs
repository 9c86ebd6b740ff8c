using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Polywire.Load.Wire;

/// <summary>One way into the server, as `--doors` names it: what is sent there, and how a question and its answer look.</summary>
/// <param name="Name">tcp, tls, http, https, websocket or sockhop.</param>
/// <param name="Host">Where.</param>
/// <param name="Port">Where.</param>
internal sealed record Door(string Name, string Host, int Port)
{
    private const string Upgrade =
        "GET /primus HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

    private static readonly byte[][] Lines = Texts(
        "randomNumber\n",
        "paramAdd key=value\nparamsView\n",
        """{"action":"echo","params":{"a":[1,{"b":"c"}],"key":"ü\ud83d\ude00"},"messageId":7}""" + "\n",
        """{"event":"say","room":"defaultRoom","message":{"a":1}}""" + "\n",
        "roomAdd defaultRoom\nsay defaultRoom hello\nroomView defaultRoom\nroomLeave defaultRoom\n",
        """{"file":"simple.html"}""" + "\nfile sub/testfile.txt\n",
        "detailsView\ndocumentation\nquit\n",
        """{"action":"typed","params":{"n":3,"nested":{"x":"y"}}}""" + "\r\n");

    private static readonly byte[][] Requests = Texts(
        "GET /api/echo?a=1&b[c]=2&key=%C3%BC HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"a\":[1,{\"b\":\"c\"}],\"d\":",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\na=1&b=2&c=3",
        "POST /api/uploader HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XX\r\nTransfer-Encoding: chunked\r\n\r\n" +
        "60\r\n--XX\r\nContent-Disposition: form-data; name=\"file1\"; filename=\"a.txt\"\r\n\r\nwords of a file\r\n--XX--\r\n   \r\n0\r\n\r\n",
        "GET /public/simple.html HTTP/1.1\r\nHost: a\r\nRange: bytes=0-3\r\nIf-None-Match: \"x\", W/\"y\"\r\nAccept-Encoding: gzip\r\n\r\n",
        "OPTIONS /api/echo HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\nAccess-Control-Request-Method: PUT\r\n\r\n",
        "HEAD /user/5?callback=f HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4, 5.6.7.8\r\nCookie: sessionID=abc; b=c\r\n\r\n",
        "GET /search/x/limit/1/offset/2 HTTP/1.0\r\n\r\n",
        Upgrade);

    private static readonly byte[][] Frames =
    [
        Frame("""{"event":"action","params":{"action":"echo","a":[1,2]},"messageId":1}"""),
        Frame("""{"event":"roomAdd","room":"defaultRoom","messageId":2}"""),
        Frame("""{"event":"say","room":"defaultRoom","message":{"a":"ü"},"messageId":3}"""),
        Frame("""{"event":"detailsView","messageId":4}"""),
        Frame("""{"event":"file","file":"simple.html","messageId":5}"""),
        Frame("\"primus::pong::1700000000000\""),
        [0x89, 0x81, 0, 0, 0, 0, 1],
        [0x01, 0x81, 0, 0, 0, 0, (byte)'{', 0x80, 0x81, 0, 0, 0, 0, (byte)'}'],
        [0xc1, 0x88, 0, 0, 0, 0, 0xaa, 0x56, 0x2a, 0x4f, 0x4d, 0x52, 0xb2, 0x00],
        [0x88, 0x82, 0, 0, 0, 0, 3, 0xe8],
    ];

    private static readonly byte[][] Sockhop =
    [
        .. Texts(
            """{"type":"Object","data":{"action":"echo","a":1},"id":"01234567-89ab-4cde-8f01-23456789abcd"}""" + "\n",
            """{"type":"roomAdd","data":"defaultRoom"}""" + "\n",
            """{"type":"SockhopPing","data":{"_id":"01234567-89ab-4cde-8f01-23456789abcd","_created":"2020-01-01T00:00:00.000Z"}}""" + "\n",
            """{"type":"Object","data":{"allow_binary_mode":true},"callback_id":"01234567-89ab-4cde-8f01-23456789abcd"}""" + "\n",
            """{"type":"SockhopBinaryModeTransition","data":{}}""" + "\n",
            """{"type":"Buffer","data":"aGk="}""" + "\n"),
        [0, 0, 0, 12, 13, 6, (byte)'B', (byte)'u', (byte)'f', (byte)'f', (byte)'e', (byte)'r', 2, 0, 0, 0, 1, 2],
    ];

    public bool IsTls => Name is "tls" or "https";

    public bool IsWeb => Name is "http" or "https";

    /// <summary>Good messages to be spoiled.</summary>
    public byte[][] Corpus => Name switch
    {
        "tcp" or "tls" => Lines,
        "http" or "https" => Requests,
        "websocket" => Frames,
        _ => Sockhop,
    };

    /// <summary>What comes first on a connection, unspoiled.</summary>
    public byte[] Prelude => Name == "websocket" ? Encoding.ASCII.GetBytes(Upgrade) : [];

    /// <summary>Reads `tcp:5000,websocket:8080`.</summary>
    /// <exception cref="InvalidDataException">Something is no door.</exception>
    public static Door[] ParseAll(string doors, string host)
    {
        var all = new List<Door>();
        foreach (var part in doors.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(':') is not [("tcp" or "tls" or "http" or "https" or "websocket" or "sockhop") and var name, var port] || !ushort.TryParse(port, out var number))
            {
                throw new InvalidDataException($"--doors: '{part}' is no door (tcp, tls, http, https, websocket, sockhop) with its port.");
            }

            all.Add(new Door(name, host, number));
        }

        return all.Count > 0 ? [.. all] : throw new InvalidDataException("--doors names the doors, as tcp:5000,websocket:8080.");
    }

    /// <summary>Connects; <paramref name="tls"/> for a handshake.</summary>
    public async Task<(Socket Socket, Stream Stream)> OpenAsync(bool tls, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Host, Port, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tls)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = static (_, _, _, errors) => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) }, cancellationToken);
            }

            return (socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A question with a word in it that the answer must have.</summary>
    public byte[] Question(string word) => Name switch
    {
        "websocket" => Frame($$$"""{"event":"action","params":{"action":"echo","a":"{{{word}}}"}}"""),
        "sockhop" => Encoding.UTF8.GetBytes($$$"""{"type":"Object","data":{"action":"echo","a":"{{{word}}}"},"id":"{{{Guid.NewGuid()}}}"}""" + "\n"),
        "http" or "https" => Encoding.UTF8.GetBytes($"GET /api/echo?a={word} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        _ => Encoding.UTF8.GetBytes($$$"""{"action":"echo","params":{"a":"{{{word}}}"}}""" + "\n"),
    };

    public override string ToString() => $"{Name}:{Port}";

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static byte[] Frame(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var frame = new byte[ClientFrame.MaxHeadBytes + payload.Length];
        var head = ClientFrame.WriteHead(frame, payload.Length, 0x81);
        payload.CopyTo(frame, head);
        return frame[..(head + payload.Length)];
    }
}
