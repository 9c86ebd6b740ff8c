using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class OptionsTests
{
    public static TheoryData<string, Action<SockhopServerOptions>> BadServerOptions => new()
    {
        { "Port", options => options.Port = 65536 },
        { "UnixSocketPath", options => options.UnixSocketPath = "" },
        { "UnixSocketPath", options => options.UnixSocketPath = new string('p', 200) },
        { "Terminator", options => options.Terminator = SockhopTerminator.Both("{") },
        { "Terminator", options => options.Terminator = SockhopTerminator.Both("7") },
        { "Terminator", options => options.Terminator = SockhopTerminator.Both("E") },
        { "Terminator", options => options.Terminator = SockhopTerminator.Both("}}") },
        { "Terminator", options => options.Terminator = SockhopTerminator.Both("e}e}") },
        { "Terminator", options => options.Terminator = SockhopTerminator.Both("ue") },
        { "Terminator", options => options.Terminator = SockhopTerminator.Both(":\"") },
        { "Terminator", options => options.Terminator = SockhopTerminator.Split("\n", "\\") },
        { "HandshakeTimeout", options => options.HandshakeTimeout = TimeSpan.Zero },
        { "MaxMessageSize", options => options.MaxMessageSize = 0 },
        { "MaxMessageSize", options => options.MaxMessageSize = int.MaxValue },
        { "MaxPendingRequests", options => options.MaxPendingRequests = 0 },
        { "ReplyTimeout", options => options.ReplyTimeout = TimeSpan.Zero },
        { "MaxProtocolErrors", options => options.MaxProtocolErrors = 0 },
        { "SendQueueLimit", options => options.SendQueueLimit = 0 },
        { "ReceiveQueueLimit", options => options.ReceiveQueueLimit = -1 },
        { "BinaryProbeTimeout", options => options.BinaryProbeTimeout = TimeSpan.FromDays(60) },
        { "PingInterval", options => options.PingInterval = TimeSpan.FromTicks(-1) },
        { "CloseTimeout", options => options.CloseTimeout = TimeSpan.Zero },
        { "MaxConnections", options => options.MaxConnections = 0 },
        { "Backlog", options => options.Backlog = 0 },
        { "AuthenticationTimeout", options => options.AuthenticationTimeout = TimeSpan.Zero },
    };

    public static TheoryData<string, Action<SockhopClientOptions>> BadClientOptions => new()
    {
        { "Port", options => options.Port = 0 },
        { "Host", options => options.Host = " " },
        { "ConnectTimeout", options => options.ConnectTimeout = TimeSpan.Zero },
        { "ReconnectInterval", options => options.ReconnectInterval = TimeSpan.Zero },
        { "RehandshakeInterval", options => options.RehandshakeInterval = TimeSpan.Zero },
        { "MaxReconnectInterval", options => options.MaxReconnectInterval = TimeSpan.Zero },
        { "ReconnectJitter", options => options.ReconnectJitter = 1.1 },
        { "ResendRequests needs Reconnect", options => options.ResendRequests = true },
    };

    [Theory]
    [MemberData(nameof(BadServerOptions))]
    public void NamesTheOptionOfAServerThatIsWrong(string name, Action<SockhopServerOptions> spoil)
    {
        var options = new SockhopServerOptions();
        spoil(options);

        Should.Throw<ArgumentException>(() => new SockhopServer(options)).Message.ShouldStartWith(name);
    }

    [Theory]
    [MemberData(nameof(BadClientOptions))]
    public void NamesTheOptionOfAClientThatIsWrong(string name, Action<SockhopClientOptions> spoil)
    {
        var options = new SockhopClientOptions();
        spoil(options);

        Should.Throw<ArgumentException>(() => new SockhopClient(options)).Message.ShouldStartWith(name);
    }

    [Fact]
    public void RefusesWhatVersionOneCannotDo()
    {
        Should.Throw<SockhopException>(() => new SockhopServer(new SockhopServerOptions { CompatibilityMode = true, AllowBinaryMode = true }))
            .Code.ShouldBe(SockhopErrorCodes.HandshakeCompatibilityMode);
        Should.Throw<SockhopException>(() => new SockhopServer(new SockhopServerOptions { CompatibilityMode = true, RequireHandshake = true }))
            .Code.ShouldBe(SockhopErrorCodes.HandshakeCompatibilityMode);
        Should.Throw<SockhopException>(() => new SockhopClient(new SockhopClientOptions { CompatibilityMode = true, Reconnect = SockhopReconnectMode.Handshake }))
            .Code.ShouldBe(SockhopErrorCodes.HandshakeCompatibilityMode);
    }

    [Fact]
    public async Task AreReadWhenTheClientOrServerIsMade()
    {
        var options = new SockhopServerOptions { MaxConnections = 5 };
        await using var server = new SockhopServer(options);

        options.MaxConnections = 1;
        server.Options.MaxConnections = 2;

        server.Options.MaxConnections.ShouldBe(5);
        await using var client = new SockhopClient(new SockhopClientOptions { MaxPendingRequests = 5 });
        client.Options.MaxPendingRequests = 2;
        client.Options.MaxPendingRequests.ShouldBe(5);
    }
}
