using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>core.md P-24: actions run by code of the application.</summary>
public class InProcessRunTests : HostTest
{
    [Fact]
    public async Task ARunThatJoinsARoomIsNoMemberAfterwards()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.AddRooms("lobby");
            polywire.MapAction<Empty, Done>("join", async (_, context, token) =>
            {
                var rooms = context.Services.GetRequiredService<IRooms>();
                await rooms.AddAsync(context.Connection, "lobby", token);
                return new Done($"{(await rooms.StatusAsync("lobby", token)).MembersCount}");
            });
        });
        var actions = host.Services.GetRequiredService<IActions>();

        (await actions.RunAsync<Done>("join")).What.ShouldBe("1");
        (await actions.RunAsync<Done>("join")).What.ShouldBe("1");

        (await host.Rooms.StatusAsync("lobby")).MembersCount.ShouldBe(0);
    }

    [Fact]
    public async Task ARunWithinARunHasItsUser()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("who", (Empty _, ActionContext context) => new Done(context.Connection.User.Identity?.Name ?? "nobody"));
            polywire.MapAction<Empty, Done>("outer", async (_, context, _) =>
                await context.Services.GetRequiredService<IActions>().RunAsync<Done>(context, "who"));
        });
        var ann = await host.ConnectAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")], "test")));

        (await ann.RunAsync<Done>("outer")).What.ShouldBe("ann");
        (await host.Services.GetRequiredService<IActions>().RunAsync<Done>("who")).What.ShouldBe("nobody");
    }

    [Fact]
    public async Task AFileIsNoValue()
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("download", _ => ActionResult.File("a.txt"))));

        var error = await host.Services.GetRequiredService<IActions>().RunAsync<Done>("download").AsTask().ShouldThrowAsync<InvalidOperationException>();

        error.Message.ShouldContain("download v1");
        error.Message.ShouldContain("a.txt");
    }

    [Fact]
    public async Task NoAnswerIsNoValueEither()
    {
        var host = await StartAsync(polywire => polywire.AddAction(Act.Sync("none", _ => ActionResult.None)));

        (await host.Services.GetRequiredService<IActions>().RunAsync<Done?>("none")).ShouldBeNull();
    }
}
