using System.Security.Cryptography;
using Polywire.Sockhop;
using SockhopPeers;

// A .NET process that a Node process (peer.js) talks to over a Unix socket: objects, callbacks both ways, a buffer of 100 MB from Node.
// Toward Node it is less, as text still less: the reader there joins all it has with every piece that comes.
const int BufferLength = 10_000_000;
var path = args is [var given] ? given : "peers.sock";

await using var server = new SockhopServer(new SockhopServerOptions { UnixSocketPath = path, Types = Messages.Types });
var done = new TaskCompletionSource();

server.OnRequest<Greeting, Greeted>((greeting, _, _) => new ValueTask<Greeted>(new Greeted($"Hello, {greeting.Name}!")));
server.On<ReadOnlyMemory<byte>>((bytes, _, _) =>
    Console.WriteLine($"from Node: {bytes.Length} bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}"));
server.OnRequest<string, bool>(async (text, session, cancellationToken) =>
{
    var length = session.BinaryMode.Tx ? BufferLength : BufferLength / 10;
    var bytes = RandomNumberGenerator.GetBytes(length);
    Console.WriteLine($"Node says '{text}', asking back with {length} bytes");
    var received = await session.RequestAsync<Received>(bytes, TimeSpan.FromMinutes(5), cancellationToken);
    Console.WriteLine($"Node received {received.Length} bytes, the same: {received.Sha256 == Convert.ToHexStringLower(SHA256.HashData(bytes))}");
    return true;
});
server.HandshakeCompleted += (session, result) => Console.WriteLine($"handshake: {result.Success}, binary: {session.BinaryMode}");
server.HandlerFailed += (_, exception) => Console.WriteLine($"failed: {exception}");
server.Disconnected += (_, _) => done.TrySetResult();

await server.StartAsync();
Console.WriteLine($"listening on {path}; start peer.js");
await done.Task;
