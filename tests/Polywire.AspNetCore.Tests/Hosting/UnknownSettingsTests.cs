using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Hosting;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Settings that do not exist are named, with the one that was meant.</summary>
public sealed class UnknownSettingsTests
{
    [Theory]
    [InlineData("Polywire:Socket:Prot", "Polywire:Socket:Port")]
    [InlineData("polywire:socket:prot", "Polywire:Socket:Port")]
    [InlineData("Polywire:Socket:bind-ip-", "Polywire:Socket:BindIP")]
    [InlineData("Polywire:Socket:MaxLineByte", "Polywire:Socket:MaxLineBytes")]
    [InlineData("Polywire:Socket:Certificate:Pth", "Polywire:Socket:Certificate:Path")]
    [InlineData("Polywire:Socket:ClientCertificate:Requst", "Polywire:Socket:ClientCertificate:Request")]
    [InlineData("Polywire:Socket:Certificat:Path", "Polywire:Socket:Certificate")]
    [InlineData("Polywire:Sockhop:PingIntervall", "Polywire:Sockhop:PingInterval")]
    [InlineData("Polywire:LiveView:Intervall", "Polywire:LiveView:Interval")]
    [InlineData("Polywire:SimultanousActions", "Polywire:SimultaneousActions")]
    [InlineData("Polywire:Cache:MaxByte", "Polywire:Cache:MaxBytes")]
    [InlineData("Polywire:Web:FingerprintOptions:ToSetCokie", "Polywire:Web:FingerprintOptions:ToSetCookie")]
    [InlineData("Polywire:Web:FormOptions:MaxFilesize_", "Polywire:Web:FormOptions:MaxFileSize")]
    [InlineData("Polywire:Web:TrustedProxy:0", "Polywire:Web:TrustedProxies")]
    [InlineData("Polywire:Web:MetadataOptions:ServerInformatoin", "Polywire:Web:MetadataOptions:ServerInformation")]
    [InlineData("Polywire:WebSocket:Client:Timeot", "Polywire:WebSocket:Client:Timeout")]
    [InlineData("Polywire:WebSocket:Client:Reconnect:Retrys", "Polywire:WebSocket:Client:Reconnect:Retries")]
    [InlineData("Polywire:WebSocket:Origin:0", "Polywire:WebSocket:Origins")]
    [InlineData("Polywire:WebSockets:Path", "Polywire:WebSocket")]
    [InlineData("Polywrie:Socket:Port", "Polywire")]
    [InlineData("Polywire:OpenApiPath", "Polywire:Web:OpenApiPath")]
    [InlineData("Polywire:MaxHealthyMemoryMegabytes", "Polywire:Status:MaxHealthyMemoryMegabytes")]
    [InlineData("Polywire:MaxHealthyThreadPoolDelay", "Polywire:Status:MaxHealthyThreadPoolDelay")]
    [InlineData("Polywire:Socket:Port:Number", null)]
    [InlineData("Polywire:Web:Xyzzy", null)]
    public void IsNamed_WithTheNearestKnown(string setting, string? meant)
    {
        var found = Find((setting, "1")).Single();

        setting.StartsWith(found.Path, StringComparison.OrdinalIgnoreCase).ShouldBeTrue(found.Path);
        found.Meant.ShouldBe(meant);
    }

    [Theory]
    [InlineData("polywire:SOCKET:port")]
    [InlineData("Polywire:StartingRooms:0")]
    [InlineData("Polywire:Web:TrustedProxies:0")]
    [InlineData("Polywire:Web:HttpHeaders:X-Own")]
    [InlineData("Polywire:Web:FingerprintOptions:Settings:SameSite")]
    [InlineData("Polywire:Web:MetadataOptions:requestorInformation")]
    [InlineData("Polywire:WebSocket:Origins")]
    [InlineData("Polywire:WebSocket:server:parser")]
    [InlineData("Polywire:WebSocket:client:strategy:0")]
    [InlineData("Polywire:WebSocket:Client:Reconnect")]
    [InlineData("Kestrel:Endpoints:Http:Url")]
    [InlineData("Poly:Wire")]
    public void IsSilentAboutWhatExists(string setting) => Find((setting, "1")).ShouldBeEmpty();

    [Fact]
    public void AVariableOfTheEnvironmentIsNamedToo()
    {
        const string Variable = "UNKNOWN_SETTINGS_TESTS_Polywire__Socket__Prot";
        Environment.SetEnvironmentVariable(Variable, "1");
        try
        {
            var builder = Builder();
            builder.Configuration.AddEnvironmentVariables("UNKNOWN_SETTINGS_TESTS_");

            Find(builder).Single().ShouldBe(("Polywire:Socket:Prot", "Polywire:Socket:Port"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public async Task TheStartWarns_AlsoWhereItFails()
    {
        var logs = new FakeLogCollector();
        var builder = Builder();
        builder.Logging.AddProvider(new FakeLoggerProvider(logs));
        builder.Configuration["Polywire:Socket:Prot"] = "6000";
        builder.Configuration["Polywire:Socket:Port"] = "-1";
        await using var app = builder.Build();

        await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        logs.GetSnapshot().Single(entry => entry.Id.Id == 1600).Message
            .ShouldBe("Polywire:Socket:Prot is no setting of Polywire and has no effect. Did you mean Polywire:Socket:Port?");
    }

    [Theory]
    [InlineData("MessageTimeout", "24:00:00", "24.00:00:00", "1.00:00:00")]
    [InlineData("ActionTimeout", "48:30", null, null)]
    [InlineData("ActionTimeout", "23:59:59", null, null)]
    [InlineData("ActionTimeout", "1.12:00:00", null, null)]
    [InlineData("Sockhop:PingInterval", "25:10:00", "25.10:00:00", "1.01:10:00")]
    public void HoursThatAreReadAsDaysAreNamed(string setting, string value, string? read, string? meant)
    {
        var logs = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        var builder = Builder();
        builder.Configuration[$"Polywire:{setting}"] = value;

        new UnknownSettings(builder.Configuration, KnownSettings.Of(builder.Services), loggers.CreateLogger<UnknownSettings>()).Validate(null, new PolywireOptions());

        logs.GetSnapshot().Where(entry => entry.Id.Id == 1601).Select(entry => entry.Message).ShouldBe(
            read is null ? [] : [$"Polywire:{setting} is {value}, which .NET reads as {read}: hours end at 23, and what is more counts as days. Write {meant} for so many hours"]);
    }

    /// <summary>Every type that settings are bound to is known, at every depth.</summary>
    [Fact]
    public void EveryMemberOfEveryOptionsTypeIsKnown()
    {
        var known = KnownSettings.Of(Builder().Services);
        var count = 0;
        foreach (var (section, type) in new[]
        {
            ("", typeof(PolywireOptions)), ("Cache", typeof(CacheOptions)), ("Web", typeof(WebOptions)), ("WebSocket", typeof(WebSocketServerOptions)),
            ("Socket", typeof(SocketOptions)), ("Sockhop", typeof(SockhopTransportOptions)), ("LiveView", typeof(LiveViewOptions)),
        })
        {
            Walk(section, type);
        }

        count.ShouldBeGreaterThan(90);

        void Walk(string section, Type type)
        {
            known.TryGet(section, out var names).ShouldBeTrue(section);
            foreach (var property in type.GetProperties().Where(property => !property.PropertyType.IsAssignableTo(typeof(Delegate))))
            {
                names!.ContainsKey(property.Name).ShouldBeTrue(KnownSettings.Join(section, property.Name));
                count++;
                if (property.PropertyType is { IsClass: true } nested && nested != typeof(string) && !nested.IsAssignableTo(typeof(IEnumerable)))
                {
                    Walk(KnownSettings.Join(section, property.Name), nested);
                }
            }
        }
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.AddPolywire().AddSocketServer().AddSockhopServer().AddLiveView();
        return builder;
    }

    private static (string Path, string? Meant)[] Find(params (string Name, string Value)[] settings)
    {
        var builder = Builder();
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        return Find(builder);
    }

    private static (string Path, string? Meant)[] Find(WebApplicationBuilder builder) =>
        [.. new UnknownSettings(builder.Configuration, KnownSettings.Of(builder.Services), NullLogger<UnknownSettings>.Instance).Find()];
}
