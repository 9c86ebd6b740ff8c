using System.Globalization;
using Polywire.Sockhop;
using Polywire.SockhopBench;

// server ADDRESS, or client ADDRESS rr|buf|await|block DEPTH SECONDS [CONNECTIONS [PID]]; ADDRESS is a port or the path of a Unix socket, PID the
// server's. In await and block the handler asks the client back before it answers, and awaits that or blocks its thread for it.
if (args is ["server", var listen])
{
    await using var server = new SockhopServer(Addresses.Set(new SockhopServerOptions { Types = Messages.Types }, listen));
    server.OnRequest<Question, Answer>(static (question, _, _) => new ValueTask<Answer>(Answers.To(question)));
    server.OnRequest<ReadOnlyMemory<byte>, Received>(static (bytes, _, _) => new ValueTask<Received>(new Received(bytes.Length)));
    server.OnRequest<AskedBack, Answer>(static (asked, session, token) =>
    {
        var answer = session.RequestAsync<Question, Answer>(new Question("randomNumber", asked.messageId), cancellationToken: token);
#pragma warning disable RS0030, CA1849 // What a careless application does, to be measured.
        return asked.block ? new ValueTask<Answer>(answer.GetAwaiter().GetResult()) : new ValueTask<Answer>(answer);
#pragma warning restore RS0030, CA1849
    });
    await server.StartAsync();
    await Task.Delay(Timeout.Infinite);
    return 0;
}

if (args is ["client", var address, var what, var depth, var seconds, .. var more])
{
    var clients = new SockhopClient[more is [var count, ..] ? Number(count) : 1];
    for (var i = 0; i < clients.Length; i++)
    {
        clients[i] = new SockhopClient(Addresses.Set(new SockhopClientOptions { Types = Messages.Types }, address));
        clients[i].OnRequest<Question, Answer>(static (question, _, _) => new ValueTask<Answer>(Answers.To(question)));
        await clients[i].StartAsync();
        if (!clients[i].BinaryMode.Tx)
        {
            throw new InvalidOperationException("not in binary mode");
        }
    }

    var load = new Load(clients, what, Number(depth));
    Console.WriteLine(await load.RunAsync(double.Parse(seconds, CultureInfo.InvariantCulture), more is [_, var pid] ? Number(pid) : 0));
    return 0;
}

await Console.Error.WriteLineAsync("usage: server ADDRESS | client ADDRESS rr|buf|await|block DEPTH SECONDS [CONNECTIONS [PID]]");
return 2;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
