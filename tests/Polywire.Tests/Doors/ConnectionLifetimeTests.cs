using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Doors;
using Polywire.TestSupport;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Doors;

/// <summary>core.md C-2 and C-4: how connections come and go.</summary>
public class ConnectionLifetimeTests : HostTest
{
    private readonly List<string> _seen = [];

    [Fact]
    public async Task C2_MiddlewareSeesThemComeAndGoInAscendingOrder()
    {
        var host = await StartWithAsync((20, new Recorder("20", _seen)), (10, new Recorder("10", _seen)), (20, new Recorder("20b", _seen)));
        var client = await host.ConnectAsync();

        await client.CloseAsync();

        _seen.ShouldBe(["10 connected", "20 connected", "20b connected", "10 ClientClosed", "20 ClientClosed", "20b ClientClosed"]);
    }

    [Fact]
    public async Task L3_OneLineTellsThatItCameAndOneThatItWent()
    {
        var host = await StartAsync(_ => { });
        var client = await host.ConnectAsync();

        await client.CloseAsync();

        host.Logs.GetSnapshot().Where(entry => entry.Message.StartsWith("[server: inline]", StringComparison.Ordinal))
            .Select(entry => (entry.Level, entry.Message))
            .ShouldBe([
                (LogLevel.Information, "[server: inline] new connection to=inline"),
                (LogLevel.Information, "[server: inline] connection closed to=inline reason=ClientClosed"),
            ]);
    }

    [Fact]
    public async Task C2_MiddlewareMaySendToAConnectionThatComes()
    {
        var host = await StartWithAsync((1, new Recorder("a", _seen)
        {
            Connected = async connection => await connection.SendAsync(new Done("welcome")),
        }));

        var client = await host.ConnectAsync();

        (await client.NextMessageAsync()).Read<Done>()!.What.ShouldBe("welcome");
    }

    [Fact]
    public async Task C2_TheConnectionIsRegisteredWhenMiddlewareSeesIt()
    {
        IConnections? connections = null;
        var host = await StartWithAsync((1, new Recorder("a", _seen)
        {
            Connected = connection =>
            {
                connections!.Find(connection.Id).ShouldBeSameAs(connection);
                return Task.CompletedTask;
            },
        }));
        connections = host.Services.GetRequiredService<IConnections>();

        var client = await host.ConnectAsync();

        connections.Count.ShouldBe(1);
        connections.All.ShouldBe([client.Connection]);
        await client.CloseAsync();
        connections.Count.ShouldBe(0);
        connections.Find(client.Id).ShouldBeNull();
    }

    [Fact]
    public async Task ARefusedConnectionIsGone()
    {
        var host = await StartWithAsync(
            (1, new Recorder("a", _seen)),
            (2, new Recorder("b", _seen) { Connected = _ => throw new ActionException("not today") }),
            (3, new Recorder("c", _seen)));

        var error = await host.ConnectAsync().ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.Forbidden);
        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        _seen.ShouldBe(["a connected", "a Refused"], "only who let it in hears of its end");
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Information && entry.Message.Contains("not today"));
    }

    [Fact]
    public async Task AConnectionThatEndsDuringTheWelcomeIsTakenLeaveOfByWhomItMet()
    {
        var host = await StartWithAsync(
            (1, new Recorder("a", _seen)),
            (2, new Recorder("b", _seen) { Connected = connection => connection.CloseAsync().AsTask() }),
            (3, new Recorder("c", _seen)));

        await host.ConnectAsync().ShouldThrowAsync<ActionException>();

        _seen.ShouldBe(["a connected", "a ServerClosed", "b connected", "b Refused"]);
    }

    [Fact]
    public async Task AMiddlewareThatFailsRefusesAndIsAnError()
    {
        ExpectedErrors = entry => entry.Exception?.Message == "broken";
        var host = await StartWithAsync((1, new Recorder("a", _seen) { Connected = _ => throw new InvalidOperationException("broken") }));

        await host.ConnectAsync().ShouldThrowAsync<ActionException>();

        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        host.Logs.GetSnapshot().ShouldContain(entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task AClientThatGoesAwayDuringTheWelcomeIsNoError()
    {
        using var source = new CancellationTokenSource();
        var host = await StartWithAsync((1, new Recorder("a", _seen)
        {
            ConnectedWithToken = async token =>
            {
                await source.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
        }));

        await Should.ThrowAsync<OperationCanceledException>(() => host.ConnectAsync(null, source.Token));

        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task C4_AConnectionThatGoesStillHasItsRooms()
    {
        IReadOnlyList<string>? rooms = null;
        var host = await StartWithAsync((1, new Recorder("a", _seen)
        {
            Disconnected = connection =>
            {
                rooms = connection.Rooms;
                connection.IsClosed.ShouldBeTrue();
                return Task.CompletedTask;
            },
        }));
        var client = await host.ConnectAsync();
        await client.JoinAsync("lobby");

        await client.CloseAsync();

        rooms.ShouldBe(["lobby"]);
        client.Connection.Rooms.ShouldBeEmpty();
    }

    [Fact]
    public async Task AMiddlewareThatFailsAtTheEndChangesNothing()
    {
        ExpectedErrors = entry => entry.Exception?.Message == "broken";
        var host = await StartWithAsync(
            (1, new Recorder("a", _seen) { Disconnected = _ => throw new InvalidOperationException("broken") }),
            (2, new Recorder("b", _seen)));
        var client = await host.ConnectAsync();
        await client.JoinAsync("lobby");

        await client.CloseAsync();

        _seen.ShouldContain("b ClientClosed");
        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
        host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(CloseReason.ClientReset)]
    [InlineData(CloseReason.SlowReader)]
    [InlineData(CloseReason.ProtocolError)]
    public async Task TheReasonIsTold(CloseReason reason)
    {
        var host = await StartWithAsync((1, new Recorder("a", _seen)));
        var client = await host.ConnectAsync();

        await client.CloseAsync(reason);

        _seen.ShouldBe(["a connected", $"a {reason}"]);
    }

    [Fact]
    public async Task TheApplicationClosesAConnectionOnce()
    {
        var host = await StartWithAsync((1, new Recorder("a", _seen)));
        var client = await host.ConnectAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await client.Connection.CloseAsync()))).WithinLimit();

        _seen.ShouldBe(["a connected", "a ServerClosed"]);
        client.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task AConnectionHasAUserAndAPlaceForThings()
    {
        var host = await StartWithAsync();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "test"));

        var anonymous = await host.ConnectAsync();
        var alice = await host.ConnectAsync(user);
        alice.Connection.Items["key"] = 1;

        anonymous.Connection.User.Identity!.IsAuthenticated.ShouldBeFalse();
        alice.Connection.User.Identity!.Name.ShouldBe("alice");
        alice.Connection.Items["key"].ShouldBe(1);
        anonymous.Connection.Items.ShouldBeEmpty();
        Should.Throw<ArgumentNullException>(() => alice.Connection.User = null!);
        alice.Connection.Fingerprint.ShouldBe(alice.Id);
        (alice.Connection.Type, alice.Connection.Transport, alice.Connection.RemotePort).ShouldBe(("inline", Transports.InProcess, 0));
        alice.Connection.ConnectedAt.ShouldBe(ManualTimeProvider.DefaultStart);
    }

    [Fact]
    public async Task ManyComeAndGoAtOnce()
    {
        var host = await StartWithAsync();
        var connections = host.Services.GetRequiredService<IConnections>();

        var clients = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Task.Run(() => host.ConnectAsync()))).WithinLimit();
        connections.Count.ShouldBe(300);
        clients.Select(client => client.Id).Distinct().Count().ShouldBe(300);
        await Task.WhenAll(clients.Take(299).Select(client => Task.Run(() => client.CloseAsync()))).WithinLimit();

        connections.Count.ShouldBe(1);
        connections.All.ShouldBe([clients[299].Connection]);
    }

    [Fact]
    public async Task UseConnectionMiddlewareMakesOneForTheHost()
    {
        var host = await StartAsync(
            polywire => polywire.UseConnectionMiddleware<Counting>().UseConnectionMiddleware<Counting>(order: 1),
            options => options.ConfigureServices(services => services.AddSingleton(_seen)));

        await host.ConnectAsync();
        await host.ConnectAsync();

        _seen.ShouldBe(["made", "connected", "connected", "connected", "connected"]);
    }

    private Task<PolywireTestHost> StartWithAsync(params (int Order, IConnectionMiddleware Step)[] steps) =>
        StartAsync(polywire =>
        {
            polywire.AddRooms("lobby");
            foreach (var (order, step) in steps)
            {
                polywire.Services.AddSingleton(new ConnectionMiddlewareRegistration(order, _ => step));
            }
        });

    private sealed class Recorder(string name, List<string> seen) : IConnectionMiddleware
    {
        public Func<Connection, Task>? Connected { get; init; }

        public Func<CancellationToken, Task>? ConnectedWithToken { get; init; }

        public Func<Connection, Task>? Disconnected { get; init; }

        public async ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken)
        {
            await (Connected?.Invoke(connection) ?? ConnectedWithToken?.Invoke(cancellationToken) ?? Task.CompletedTask);
            seen.Add($"{name} connected");
        }

        public async ValueTask OnDisconnectedAsync(Connection connection, CloseReason reason, CancellationToken cancellationToken)
        {
            seen.Add($"{name} {reason}");
            await (Disconnected?.Invoke(connection) ?? Task.CompletedTask);
        }
    }

    private sealed class Counting : IConnectionMiddleware
    {
        private readonly List<string> _seen;

        public Counting(List<string> seen)
        {
            _seen = seen;
            _seen.Add("made");
        }

        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken)
        {
            _seen.Add("connected");
            return default;
        }
    }
}
