using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polywire.Hosting;
using Polywire.Testing;
using Shouldly;
using Xunit;
using Served = Polywire.Generated.Polywire_Tests_Actions;

namespace Polywire.Tests.Inputs;

public sealed class GeneratedActionsTests
{
    [Fact]
    public void DescribesTheClass()
    {
        var action = Served.Polywire_Tests_Inputs_ServedAction();

        action.Name.ShouldBe("served");
        action.Version.ShouldBe(ActionVersion.Parse("beta"));
        action.Description.ShouldBe("Tells the time & the IClock's null.");
        action.Documented.ShouldBeFalse();
        action.BlockedTransports.ShouldBe(Transports.Socket | Transports.Web);
        action.AllowedTransports.ShouldBeNull();
        action.Timeout.ShouldBe(TimeSpan.FromSeconds(10.5));
        action.LogLevel.ShouldBe(LogLevel.Debug);
        action.OutputType.ShouldBe(typeof(string));
    }

    [Fact]
    public void LeavesWhatTheClassDoesNotSay()
    {
        var action = Served.Polywire_Tests_Inputs_ServedAgainAction();

        action.Version.ShouldBe(new ActionVersion(2));
        action.Description.ShouldBe("Said otherwise.");
        action.Documented.ShouldBeTrue();
        action.BlockedTransports.ShouldBe(Transports.None);
        action.AllowedTransports.ShouldBe(Transports.Web | Transports.WebSocket);
        action.Timeout.ShouldBeNull();
        action.LogLevel.ShouldBe(LogLevel.Information);
        action.Middleware.ShouldBeEmpty();
    }

    [Fact]
    public void DescribesInputsInTheWordsOfTheirComments()
    {
        var zone = Served.Polywire_Tests_Inputs_ServedAction().Inputs.ShouldHaveSingleItem();

        zone.Description.ShouldBe("The zone, see Now or x.");
        zone.Secret.ShouldBeTrue();
        zone.Required.ShouldBeFalse();
    }

    [Fact]
    public void MakesTheAttributesOfTheClassAndOfItsBaseAgain()
    {
        var metadata = Served.Polywire_Tests_Inputs_ServedAction().Metadata;

        metadata.Select(one => one.GetType().Name).ShouldBe(
        [
            "ActionAttribute", "BlockTransportAttribute", "TimeoutAttribute", "LogAsAttribute", "UseAttribute`1", "UseAttribute`1",
            "TaggedAttribute", "OfTheBaseAttribute",
        ]);
        var tag = metadata.OfType<TaggedAttribute>().Single();
        (tag.Name, tag.Kind, tag.Day).ShouldBe(("a\"b", typeof(List<string>), DayOfWeek.Monday));
        tag.Numbers.ShouldBe([1, 2]);
        metadata.OfType<ActionAttribute>().Single().TextVersion.ShouldBe("beta");
    }

    [Fact]
    public void AddsActionsAndTheirMiddleware()
    {
        var services = new ServiceCollection();

        new PolywireBuilder(services).AddActions();

        services.Where(one => one.ServiceType == typeof(ActionDescriptor))
            .Select(one => one.ImplementationInstance.ShouldBeAssignableTo<ActionDescriptor>()!.ToString())
            .ShouldBeSubsetOf(Everything());
        services.Single(one => one.ServiceType == typeof(Stamp)).Lifetime.ShouldBe(ServiceLifetime.Scoped);
    }

    [Fact]
    public void AsksTheServicesForMiddlewareInTheOrderItIsWritten()
    {
        using var services = new ServiceCollection().AddScoped<Stamp>().AddScoped<Seal>().BuildServiceProvider();
        using var scope = services.CreateScope();

        var middleware = Served.Polywire_Tests_Inputs_ServedAction().Middleware.Select(resolve => resolve(scope.ServiceProvider));

        middleware.Select(one => one.GetType()).ShouldBe([typeof(Stamp), typeof(Seal)]);
    }

    [Fact]
    public async Task MakesTheActionFromTheServices()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IClock>(new FixedClock("noon"))
            .AddKeyedSingleton<IClock>("other", new FixedClock("night"))
            .BuildServiceProvider();
        var context = new ActionContext { ScopeFactory = services.GetRequiredService<IServiceScopeFactory>() };

        await Served.Polywire_Tests_Inputs_ServedAction().InvokeAsync(context);

        context.Result.ShouldBe("noon night True True 3");
        await context.DisposeScopeAsync();
    }

    [Fact]
    public async Task MakesNoScopeForAnActionWithoutServices()
    {
        var context = new ActionContext();

        await Served.Polywire_Tests_Inputs_ServedAgainAction().InvokeAsync(context);

        context.Result.ShouldBe("again");
        context.Scope.ShouldBeNull();
    }

    [Fact]
    public async Task RunsAnActionWithoutInputs()
    {
        await using var host = await PolywireTestHost.StartAsync(polywire => polywire.AddAction(Served.Polywire_Tests_Inputs_InputlessAction()));
        var client = await host.ConnectAsync();

        (await client.RunAsync<InputlessAction.Output>("inputless", new { stranger = 1 })).Params.ShouldBe(0);
        host.Services.GetRequiredService<IActions>().All.Single().Inputs.ShouldBeEmpty();
    }

    private static IEnumerable<string> Everything() =>
        typeof(Served).GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
            .Where(method => method.ReturnType.IsAssignableTo(typeof(ActionDescriptor)))
            .Select(method => method.Invoke(null, null)!.ToString()!);
}
