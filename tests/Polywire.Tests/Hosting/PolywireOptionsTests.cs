using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Hosting;

/// <summary>A bad setting stops the start with its full name, its value and the allowed range.</summary>
public class PolywireOptionsTests : HostTest
{
    [Theory]
    [InlineData("ServerName", "", "Polywire:ServerName is empty: a text is required.")]
    [InlineData("ApiVersion", "", "Polywire:ApiVersion is empty: a text is required.")]
    [InlineData("DirectoryFileType", "", "Polywire:DirectoryFileType is empty: a text is required.")]
    [InlineData("SimultaneousActions", "0", "Polywire:SimultaneousActions is '0': allowed is 1 to 1000000.")]
    [InlineData("SimultaneousActions", "1000001", "Polywire:SimultaneousActions is '1000001': allowed is 1 to 1000000.")]
    [InlineData("ActionTimeout", "-00:00:01", "Polywire:ActionTimeout is '-00:00:01': allowed is 00:00:00 to 24.00:00:00.")]
    [InlineData("ActionTimeout", "25", "Polywire:ActionTimeout is '25.00:00:00': allowed is 00:00:00 to 24.00:00:00.")]
    [InlineData("PendingShutdownWaitLimit", "01:00:01", "Polywire:PendingShutdownWaitLimit is '01:00:01': allowed is 00:00:00 to 01:00:00.")]
    [InlineData("MaxLogStringLength", "-1", "Polywire:MaxLogStringLength is '-1': allowed is 0 to 1000000.")]
    [InlineData("MaxRoomsPerConnection", "0", "Polywire:MaxRoomsPerConnection is '0': allowed is 1 to 1000000.")]
    [InlineData("MaxQueueLength", "1023", "Polywire:MaxQueueLength is '1023': allowed is 1024 to 2147483647.")]
    [InlineData("MaxQueueMessages", "0", "Polywire:MaxQueueMessages is '0': allowed is 1 to 2147483647.")]
    [InlineData("PublicDirectories:0", "", "Polywire:PublicDirectories:0 is empty: a text is required.")]
    [InlineData("StartingRooms:0", "", "Polywire:StartingRooms:0 is empty: a text is required.")]
    [InlineData("NodeId", "", "Polywire:NodeId is empty: a text is required.")]
    [InlineData("NodeId", "a b", "Polywire:NodeId is 'a b': allowed are 1 to 128 characters out of A-Z a-z 0-9 . _ : @ -.")]
    [InlineData("NodeId", "über", "Polywire:NodeId is 'über': allowed are 1 to 128 characters out of A-Z a-z 0-9 . _ : @ -.")]
    public async Task ABadSettingStopsTheStart(string name, string value, string message)
    {
        var error = await PolywireTestHost.StartAsync(_ => { }, options => options.Configuration[$"Polywire:{name}"] = value)
            .ShouldThrowAsync<OptionsValidationException>();

        error.Failures.ShouldBe([message]);
    }

    [Fact]
    public async Task AllBadSettingsAreToldAtOnce()
    {
        var error = await PolywireTestHost.StartAsync(_ => { }, options =>
            {
                options.Configuration["Polywire:SimultaneousActions"] = "0";
                options.Configuration["Polywire:ServerName"] = "";
            })
            .ShouldThrowAsync<OptionsValidationException>();

        error.Failures.Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("SimultaneousActions", "1")]
    [InlineData("SimultaneousActions", "1000000")]
    [InlineData("ActionTimeout", "0")]
    [InlineData("ActionTimeout", "24")]
    [InlineData("PendingShutdownWaitLimit", "0")]
    [InlineData("MaxLogStringLength", "0")]
    [InlineData("MaxQueueLength", "1024")]
    [InlineData("MaxQueueMessages", "1")]
    public async Task TheEndsOfEachRangeAreAllowed(string name, string value)
    {
        await StartAsync(_ => { }, options => options.Configuration[$"Polywire:{name}"] = value);
    }

    [Fact]
    public async Task SettingsAreReadFromTheSection_AndCodeWins()
    {
        var host = await StartAsync(
            polywire => polywire.AddRooms("from code"),
            options =>
            {
                options.Configuration["Polywire:ServerName"] = "bank";
                options.Configuration["Polywire:SimultaneousActions"] = "7";
                options.Configuration["Polywire:ActionTimeout"] = "00:00:30";
                options.Configuration["Polywire:StartingRooms:0"] = "from settings";
                options.Configuration["Polywire:FilteredParams:0"] = "pin";
                options.Configuration["Polywire:ExposeMessages"] = "false";
                options.ConfigurePolywire(polywire => polywire.SimultaneousActions = 8);
            });

        var settings = host.Services.GetRequiredService<IOptions<PolywireOptions>>().Value;

        settings.ServerName.ShouldBe("bank");
        settings.SimultaneousActions.ShouldBe(8);
        settings.ActionTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        settings.FilteredParams.ShouldBe(["pin"]);
        settings.ExposeMessages.ShouldBe(false);
        (await host.Rooms.ListAsync()).ShouldBe(["from code", "from settings"]);
    }

    [Fact]
    public async Task WhatTheApplicationRegisteredStays()
    {
        var texts = new ErrorCatalog();
        var host = await StartAsync(_ => { }, options => options.ConfigureServices(services => services.AddSingleton(texts)));

        host.Services.GetRequiredService<ErrorCatalog>().ShouldBeSameAs(texts);
    }

    [Fact]
    public async Task ANodeHasANameOfItsOwnUnlessItIsGivenOne()
    {
        var one = await StartAsync(_ => { });
        var two = await StartAsync(_ => { });
        var named = await StartAsync(_ => { }, options => options.ConfigurePolywire(polywire => polywire.NodeId = "alpha"));

        var ids = new[] { one, two, named }.Select(host => host.Services.GetRequiredService<NodeIdentity>().Id).ToArray();

        ids[0].ShouldNotBe(ids[1]);
        ids[0].ShouldContain($"-{Environment.ProcessId}-");
        ids[2].ShouldBe("alpha");
    }
}
