using System.Globalization;
using Polywire.Sockhop;
using Polywire.SockhopBench;

// server ADDRESS, or client ADDRESS rr|buf DEPTH SECONDS; ADDRESS is a port or the path of a Unix socket.
if (args is ["server", var listen])
{
    await using var server = new SockhopServer(Addresses.Set(new SockhopServerOptions { Types = Messages.Types }, listen));
    server.OnRequest<Question, Answer>(static (question, _, _) => new ValueTask<Answer>(new Answer(Random.Shared.NextDouble(), question.messageId)));
    server.OnRequest<ReadOnlyMemory<byte>, Received>(static (bytes, _, _) => new ValueTask<Received>(new Received(bytes.Length)));
    await server.StartAsync();
    await Task.Delay(Timeout.Infinite);
    return 0;
}

if (args is ["client", var address, var what, var depth, var seconds])
{
    await using var client = await SockhopClient.ConnectAsync(Addresses.Set(new SockhopClientOptions { Types = Messages.Types }, address));
    if (!client.BinaryMode.Tx)
    {
        throw new InvalidOperationException("not in binary mode");
    }

    var load = new Load(client, isBuffers: what == "buf");
    Console.WriteLine(await load.RunAsync(int.Parse(depth, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture)));
    return 0;
}

await Console.Error.WriteLineAsync("usage: server ADDRESS | client ADDRESS rr|buf DEPTH SECONDS");
return 2;
