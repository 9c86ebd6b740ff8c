using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Testing;

/// <summary>Actions and middleware can be tested without a host.</summary>
public sealed class UnitTestTests
{
    [Fact]
    public async Task AnActionRunsOnAContextThatIsMadeUp()
    {
        using var source = new CancellationTokenSource();
        var connection = new FakeConnection { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "Test")) };
        await using var services = new ServiceCollection().AddSingleton(new Greetings("hello")).BuildServiceProvider();
        var context = TestActionContext.Create(options =>
        {
            options.Connection = connection;
            options.Services = services;
            options.Params["loud"] = true;
            options.Aborted = source.Token;
        });

        var answer = await new Greet().RunAsync(new NoInput(), context, context.Aborted);

        answer.ShouldBe("hello ada, test 1, True");
        context.Response["greeted"].ShouldBe("ada");
        connection.Sent.ShouldBe(["ada was greeted"]);
        context.Http.ShouldBeNull();
        context.Aborted.IsCancellationRequested.ShouldBeFalse();
        await source.CancelAsync();
        context.Aborted.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task AMiddlewareRunsAroundWhateverTheTestPutsInside()
    {
        var context = TestActionContext.Create();
        var ran = 0;

        await new OnlyUsers().InvokeAsync(context, _ =>
        {
            ran++;
            return default;
        });
        context.Error!.Status.ShouldBe(ActionStatus.Forbidden);
        context.Connection.User = new ClaimsPrincipal(new ClaimsIdentity([], "Test"));
        context.Error = null;
        await new OnlyUsers().InvokeAsync(context, inside =>
        {
            ran++;
            inside.Result = 42;
            return default;
        });

        (ran, context.Outcome, context.Result).ShouldBe((1, ActionStatus.Success, 42));
    }

    [Fact]
    public async Task AConnectionMiddlewareMeetsAClientThatIsMadeUp()
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=ada", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        var headers = new Dictionary<string, string> { ["X-Tenant"] = "t" };
        var query = new Dictionary<string, string> { ["token"] = "q" };
        var connection = new FakeConnection(Transports.WebSocket, new FakeHandshake(certificate, headers, query), "203.0.113.7", 1234, "id");

        await ((IConnectionMiddleware)new Certified()).OnConnectedAsync(connection, TestContext.Current.CancellationToken);

        (connection.Id, connection.Type, connection.RemoteIP, connection.RemotePort).ShouldBe(("id", "websocket", "203.0.113.7", 1234));
        connection.User.Identity!.Name.ShouldBe("CN=ada t q");
        await Should.ThrowAsync<ActionException>(async () =>
            await ((IConnectionMiddleware)new Certified()).OnConnectedAsync(new FakeConnection(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AFakeConnectionClosesAndDropsAsARealOneDoes()
    {
        var connection = new FakeConnection();
        var closing = connection.Closing;

        connection.TrySend(1).ShouldBe(Delivery.Delivered);
        connection.Outcome = Delivery.Dropped;
        connection.TrySend(2).ShouldBe(Delivery.Dropped);
        await connection.CloseAsync("enough", 4001);

        connection.TrySend(3).ShouldBe(Delivery.Closed);
        (connection.IsClosed, closing.IsCancellationRequested, connection.CloseText, connection.CloseStatus).ShouldBe((true, true, "enough", 4001));
        connection.Sent.ShouldBe([1]);
    }

    [Fact]
    public async Task AFakeWebConnectionRefusesWhatARealOneDoes()
    {
        var connection = new FakeConnection(Transports.Web) { Outcome = Delivery.Delivered };

        connection.TrySend(1).ShouldBe(Delivery.Refused);
        (await Should.ThrowAsync<NotSupportedException>(async () => await connection.SendAsync(2, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("put the message into the answer");
        await connection.CloseAsync();
        connection.TrySend(3).ShouldBe(Delivery.Refused);

        connection.Sent.ShouldBeEmpty();
    }

    private sealed record Greetings(string Word);

    private sealed class Greet : IAction<NoInput, string>
    {
        public async ValueTask<string> RunAsync(NoInput input, ActionContext context, CancellationToken cancellationToken)
        {
            var name = context.User.Identity!.Name;
            context.Response["greeted"] = name;
            await context.Connection.SendAsync($"{name} was greeted", cancellationToken);
            return $"{context.Services.GetRequiredService<Greetings>().Word} {name}, {context.Action.Name} {context.Action.Version}, {context.Params["loud"]}";
        }
    }

    private sealed class OnlyUsers : IActionMiddleware
    {
        public ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
        {
            if (context.User.Identity?.IsAuthenticated == true)
            {
                return next(context);
            }

            context.Error = new ActionError { Status = ActionStatus.Forbidden, Message = "who are you?" };
            return default;
        }
    }

    private sealed class Certified : IConnectionMiddleware
    {
        public ValueTask OnConnectedAsync(Connection connection, CancellationToken cancellationToken)
        {
            var told = connection.Handshake;
            var name = told.ClientCertificate?.Subject ?? throw new ActionException("no certificate");
            connection.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, $"{name} {told.GetHeader("x-tenant")} {told.GetQuery("token")}")], "Certificate"));
            return default;
        }
    }
}
