#pragma warning disable xUnit1051, CA2016 // Every wait is bounded by the fixture; a request is to be answered or to fail, not given up.
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class StormTests
{
    private const int Clients = 10;
    private const int Kills = 15;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EveryRequestEndsOnceWhileTheServerComesAndGoes(bool resend)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var server = NewServer(folder["s"]);
        await server.StartAsync();
        var clients = Enumerable.Range(0, Clients).Select(_ => new SockhopClient(new SockhopClientOptions
        {
            UnixSocketPath = folder["s"],
            Types = Pair.Types(),
            Reconnect = SockhopReconnectMode.Handshake,
            RehandshakeInterval = TimeSpan.FromMilliseconds(3),
            HandshakeTimeout = Within.Limit,
            ResendRequests = resend,
        })).ToArray();
        await Task.WhenAll(clients.Select(client => client.StartAsync())).WithinLimit();
        var tallies = clients.Select(client => AskAsync(client, stop.Token)).ToArray();

        for (var i = 0; i < Kills; i++)
        {
            // Some traffic first: the next kill finds requests on their way.
            await Task.WhenAll(clients.Select(client => AnsweredAsync(client))).WithinLimit();
            await server.DisposeAsync();
            server = NewServer(folder["s"]);
            await server.StartAsync();
        }

        await Task.WhenAll(clients.Select(client => AnsweredAsync(client))).WithinLimit();
        await stop.CancelAsync();
        var results = await Task.WhenAll(tallies).WithinLimit();
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        results.ShouldAllBe(result => result.Answered > 0 && result.Wrong == 0);
        if (resend)
        {
            results.ShouldAllBe(result => result.Failed == 0);
        }

        await server.StopAsync().WithinLimit();
        server.Sessions.ShouldBeEmpty();
        await server.DisposeAsync();
    }

    private static SockhopServer NewServer(string path)
    {
        var server = new SockhopServer(new SockhopServerOptions { UnixSocketPath = path, Types = Pair.Types() });
        server.OnRequest<Job, Done>((job, _, _) => new ValueTask<Done>(new Done(job.Id)));
        return server;
    }

    private static async Task AnsweredAsync(SockhopClient client)
    {
        while (true)
        {
            try
            {
                await client.RequestAsync<Done>(new Job(-1));
                return;
            }
            catch (SockhopException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<(int Answered, int Failed, int Wrong)> AskAsync(SockhopClient client, CancellationToken stop)
    {
        var (answered, failed, wrong) = (0, 0, 0);
        for (var id = 0; !stop.IsCancellationRequested; id++)
        {
            try
            {
                var reply = await client.RequestAsync<Done>(new Job(id));
                answered++;
                wrong += reply.Id == id ? 0 : 1;
            }
            catch (SockhopException exception)
            {
                exception.Code.ShouldBeOneOf(SockhopErrorCodes.SocketDestroyed, SockhopErrorCodes.NoSocket);
                failed++;
                await Task.Yield();
            }
        }

        return (answered, failed, wrong);
    }
}
