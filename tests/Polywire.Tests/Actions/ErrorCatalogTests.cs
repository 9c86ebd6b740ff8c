using Microsoft.Extensions.DependencyInjection;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Actions;

/// <summary>core.md 5.2: the texts are compared by clients, to the letter.</summary>
public class ErrorCatalogTests : HostTest
{
    [Fact]
    public void SaysWhatActionHeroSays()
    {
        var texts = new ErrorCatalog();

        texts.Welcome.ShouldBe("Hello! Welcome to the actionhero api");
        texts.Goodbye.ShouldBe("Bye!");
        texts.ServerShuttingDown.ShouldBe("the server is shutting down");
        texts.TooManyPendingActions.ShouldBe("you have too many pending requests");
        texts.UnknownAction.ShouldBe("unknown action or invalid apiVersion");
        texts.UnsupportedServerType("web").ShouldBe("this action does not support the web connection type");
        texts.MissingParam("key").ShouldBe("key is a required parameter for this action");
        texts.InvalidParam("key").ShouldBe("Input for parameter \"key\" failed validation!");
        texts.DataLengthTooLarge(64, 449).ShouldBe("data length is too big (64 received/449 max)");
        texts.FileNotFound.ShouldBe("That file is not found");
        texts.FileNotProvided.ShouldBe("file is a required param to send a file");
        texts.FileReadError("why").ShouldBe("error reading file: why");
        texts.VerbNotAllowed("x").ShouldBe("verb not found or not allowed (x)");
        texts.RoomAndMessageRequired.ShouldBe("both room and message are required");
        texts.ConnectionNotInRoom("r").ShouldBe("connection not in this room (r)");
        texts.ConnectionAlreadyInRoom("r").ShouldBe("connection already in this room (r)");
        texts.RoomHasBeenDeleted.ShouldBe("this room has been deleted");
        texts.RoomDoesNotExist.ShouldBe("room does not exist");
        texts.RoomExists.ShouldBe("room exists");
        texts.RoomRequired.ShouldBe("a room is required");
        texts.TooManyRooms.ShouldBe("too many rooms");
        texts.ConnectionNotFound.ShouldBe("RPC Timeout");
        texts.Timeout.ShouldBe("the action timed out");
        texts.InternalError.ShouldBe("internal error");
        texts.CacheObjectNotFound.ShouldBe("Object not found");
        texts.CacheObjectLocked.ShouldBe("Object locked");
        texts.CacheObjectExpired.ShouldBe("Object expired");
        texts.ClusterNotReachable.ShouldBe("the cluster is not reachable");
    }

    [Fact]
    public async Task OnesOwnTextsAreUsedEverywhere()
    {
        var host = await StartAsync(
            polywire =>
            {
                polywire.AddRooms("lobby");
                polywire.MapAction("needs", (Needs input) => new Done(input.Name));
                polywire.MapAction<Empty, Done>("cache", async (_, context, token) =>
                    (await context.Services.GetRequiredService<ICache>().LoadRequiredAsync<Done>("nothing", cancellationToken: token)).Value);
                polywire.MapAction("blocked", (Empty _) => new Done("")).AllowTransport(Transports.None);
            },
            options => options.ConfigureServices(services => services.AddSingleton<ErrorCatalog, German>()));
        var client = await host.ConnectAsync();

        (await TextAsync(() => client.RunAsync<Done>("nirgends"))).ShouldBe("unbekannt");
        (await TextAsync(() => client.RunAsync<Done>("needs"))).ShouldBe("name fehlt");
        (await TextAsync(() => client.RunAsync<Done>("needs", new { name = new[] { 1 } }))).ShouldBe("name ist falsch");
        (await TextAsync(() => client.RunAsync<Done>("blocked"))).ShouldBe("nicht auf inline");
        (await TextAsync(() => client.RunAsync<Done>("cache"))).ShouldBe("nicht da");
        (await TextAsync(() => client.LeaveAsync("lobby"))).ShouldBe("nicht in lobby");
        (await TextAsync(() => client.JoinAsync("keller"))).ShouldBe("kein Raum");
    }

    private static async Task<string> TextAsync(Func<Task> call) => (await call.ShouldThrowAsync<ActionException>()).Message;

    private sealed record Needs(string Name);

    private sealed class German : ErrorCatalog
    {
        public override string UnknownAction => "unbekannt";

        public override string CacheObjectNotFound => "nicht da";

        public override string RoomDoesNotExist => "kein Raum";

        public override string MissingParam(string name) => $"{name} fehlt";

        public override string InvalidParam(string name) => $"{name} ist falsch";

        public override string UnsupportedServerType(string type) => $"nicht auf {type}";

        public override string ConnectionNotInRoom(string room) => $"nicht in {room}";
    }
}
