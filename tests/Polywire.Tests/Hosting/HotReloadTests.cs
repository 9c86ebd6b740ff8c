using Microsoft.Extensions.DependencyInjection;
using Polywire.Hosting;
using Polywire.Testing;
using Polywire.Tests.Inputs;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Hosting;

public sealed class HotReloadTests
{
    [Fact]
    public async Task SaysThatANewActionIsNotKnownYet()
    {
        await using var host = await PolywireTestHost.StartAsync(_ => { });

        HotReload.UpdateApplication([typeof(NameAction), typeof(string)]);

        host.Logs.GetSnapshot().ShouldContain(log => log.Message.Contains("restart the application (Ctrl+R", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaysNothingOfWhatIsKnownNorAfterTheEnd()
    {
        var host = await PolywireTestHost.StartAsync(builder =>
            builder.AddAction(Polywire.Generated.Polywire_Tests_Actions.Polywire_Tests_Inputs_NameAction()));
        HotReload.UpdateApplication([typeof(NameAction)]);
        HotReload.UpdateApplication(null);
        await host.DisposeAsync();

        HotReload.UpdateApplication([typeof(PlainAction)]);

        host.Logs.GetSnapshot().ShouldNotContain(log => log.Message.Contains("Ctrl+R", StringComparison.Ordinal));
    }
}
