using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Hosting;

/// <summary>What is not in order stops the start, so that no client has to find it.</summary>
public class StartTests : HostTest
{
    [Fact]
    public async Task M6_AMiddlewareThatIsNotRegisteredStopsTheStart()
    {
        var error = await RefusedAsync(polywire =>
            polywire.AddAction(Generated.Polywire_Tests_Actions.Polywire_Tests_Hosting_GuardedAction()));

        error.Message.ShouldContain("guarded v1");
        error.Message.ShouldContain(typeof(IGuard).ToString());
    }

    [Fact]
    public async Task M6_ARegisteredOneRuns()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.AddAction(Generated.Polywire_Tests_Actions.Polywire_Tests_Hosting_GuardedAction());
            polywire.Services.AddScoped<IGuard, Guard>();
        });

        (await host.RunAsync<string>("guarded")).ShouldBe("guarded");
    }

    [Fact]
    public async Task AnOutputExampleThatJsonCannotWriteStopsTheStart()
    {
        var error = await RefusedAsync(polywire =>
            polywire.MapAction("bad", (Empty _) => new Done("")).WithOutputExample(new Loop()));

        error.Message.ShouldContain("bad v1");
        error.InnerException.ShouldNotBeNull();
    }

    [Fact]
    public async Task AnExampleOfAnActionThatIsNotDocumentedIsNotLookedAt()
    {
        var host = await StartAsync(polywire =>
            polywire.MapAction("bad", (Empty _) => new Done("run")).WithOutputExample(new Loop()).Undocumented());

        (await host.RunAsync<Done>("bad")).What.ShouldBe("run");
    }

    [Fact]
    public async Task ADefaultThatIsNoJsonNumberIsDocumentedAsText()
    {
        var host = await StartAsync(polywire => polywire.MapAction("wide", (Wide _) => new Done("")));

        var json = System.Text.Encoding.UTF8.GetString(host.Services.GetRequiredService<ActionRegistry>().Documentation.Span);

        json.ShouldContain("\"default\":\"Infinity\"");
        json.ShouldContain("\"default\":\"NaN\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AMiddlewareOfConnectionsOrRoomsThatCannotBeMadeStopsTheStart(bool ofRooms)
    {
        var error = await RefusedAsync(polywire =>
        {
            if (ofRooms)
            {
                polywire.UseRoomMiddleware<NeedyRoomMiddleware>();
            }
            else
            {
                polywire.UseConnectionMiddleware<NeedyConnectionMiddleware>();
            }
        });

        error.Message.ShouldContain(nameof(IGuard));
    }

    private static async Task<InvalidOperationException> RefusedAsync(Action<IPolywireBuilder> configure) =>
        await PolywireTestHost.StartAsync(configure, options => options.EnvironmentName = "Production").ShouldThrowAsync<InvalidOperationException>();

    private sealed record Loop
    {
        public Loop Again => this;
    }

    private sealed record Wide(double Most = double.PositiveInfinity, float Least = float.NaN);

    private sealed class Guard : IGuard
    {
        public async ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
        {
            await next(context);
            context.Result = "guarded";
        }
    }

    private sealed class NeedyRoomMiddleware(IGuard guard) : IRoomMiddleware
    {
        public IGuard Guard { get; } = guard;
    }

    private sealed class NeedyConnectionMiddleware(IGuard guard) : IConnectionMiddleware
    {
        public IGuard Guard { get; } = guard;
    }
}
