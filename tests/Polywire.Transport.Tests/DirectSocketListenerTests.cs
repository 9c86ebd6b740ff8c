#pragma warning disable xUnit1051 // Every wait is bounded by the patience of the fixture.
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Shouldly;
using Xunit;

namespace Polywire.Transport.Tests;

public sealed class DirectSocketListenerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pw").FullName;

    private string Path => System.IO.Path.Combine(_folder, "s");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TellsThePortThatIsBound()
    {
        await using var fixture = await TransportFixture.StartAsync(poller: true);

        ((IPEndPoint)fixture.Address).Port.ShouldNotBe(0);
        fixture.Listener.EndPoint.ToString().ShouldBe(fixture.Address.ToString());
    }

    [Fact]
    public async Task ReportsAnAddressInUse()
    {
        await using var fixture = await TransportFixture.StartAsync(poller: true);

        await Should.ThrowAsync<AddressInUseException>(() => TransportFixture.StartAsync(poller: true, fixture.Address));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task UnbindEndsAPendingAccept(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        var accepting = fixture.Listener.AcceptAsync();

        await fixture.Listener.UnbindAsync();

        (await accepting.Soon()).ShouldBeNull();
        (await fixture.Listener.AcceptAsync().Soon()).ShouldBeNull();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task DropsSilently_WhoIsGoneBeforeTheAccept(bool poller)
    {
        await using var fixture = await TransportFixture.StartAsync(poller);
        for (var i = 0; i < 20; i++)
        {
            var gone = await fixture.ConnectAsync();
            gone.LingerState = new LingerOption(true, 0);
            gone.Dispose();
        }

        var client = await fixture.ConnectAsync();
        while (true)
        {
            var server = await fixture.Listener.AcceptAsync().Soon();
            if (Equals(server!.RemoteEndPoint, client.LocalEndPoint))
            {
                await server.Transport.Output.WriteAsync(new byte[3]).Soon();
                (await client.ReceiveExactlyAsync(3)).Length.ShouldBe(3);
                server.Abort();
                return;
            }

            await Should.ThrowAsync<ConnectionResetException>(server.Transport.Input.ReadAsync().Soon());
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task GoesOn_AfterAnAcceptThatFailed()
    {
        var failures = new Queue<SocketError>([
            SocketError.ConnectionReset, SocketError.TooManyOpenSockets, SocketError.NoBufferSpaceAvailable, SocketError.ConnectionAborted,
        ]);
        var logs = new FakeLogCollector();
        using var loggers = new LoggerFactory([new FakeLoggerProvider(logs)]);
        await using var fixture = await TransportFixture.StartAsync(poller: true, loggers: loggers, configure: options =>
        {
            options.AcceptRetryDelay = TimeSpan.FromMilliseconds(1);
            options.BeforeAccept = () =>
            {
                if (failures.TryDequeue(out var error))
                {
                    throw new SocketException((int)error);
                }
            };
        });

        var (client, server) = await fixture.PairAsync();

        server.RemoteEndPoint.ShouldBe(client.LocalEndPoint);
        logs.GetSnapshot().Count(log => log.Level == LogLevel.Warning).ShouldBe(2);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task GivesThePlaceBack_WhateverWentWrongWithASocket(bool poller)
    {
        var gate = new CountingGate();
        var failures = 3;
        await using var fixture = await TransportFixture.StartAsync(poller, configure: options =>
        {
            options.Gate = gate;
            options.BeforeAdopt = socket =>
            {
                if (failures-- > 0)
                {
                    // What is done with it then throws no SocketException.
                    socket.Dispose();
                }
            };
        });
        for (var i = 0; i < 3; i++)
        {
            await fixture.ConnectAsync();
        }

        var (client, server) = await fixture.PairAsync();

        server.RemoteEndPoint.ShouldBe(client.LocalEndPoint);
        gate.Count.ShouldBe(1);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ServesAUnixSocket_OpenToAll_AndRemovesItsFile(bool poller)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Rights of files are those of Unix.");
            return;
        }

        await using (var fixture = await TransportFixture.StartAsync(poller, new UnixDomainSocketEndPoint(Path)))
        {
            var (client, server) = await fixture.PairAsync();
            File.GetUnixFileMode(Path).ShouldBe((UnixFileMode)0b111_111_111);
            fixture.Listener.EndPoint.ToString().ShouldBe($"unix:{Path}");

            await client.SendAsync("hello"u8.ToArray());
            (await server.Input.ReadAsync().Soon()).Buffer.Length.ShouldBe(5);
            await server.Output.WriteAsync("you"u8.ToArray()).Soon();
            (await client.ReceiveExactlyAsync(3)).Length.ShouldBe(3);
        }

        File.Exists(Path).ShouldBeFalse();
    }

    [Fact]
    public async Task ReplacesTheSocketOfADeadProcess()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix only.");
        // What a killed process leaves: a bound file without a listener. Moved, or its own disposal would remove it.
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Path + "0"));
            dead.Listen();
            File.Move(Path + "0", Path);
        }

        File.Exists(Path).ShouldBeTrue();

        await using var fixture = await TransportFixture.StartAsync(poller: true, new UnixDomainSocketEndPoint(Path));
        var (client, _) = await fixture.PairAsync();

        client.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task LeavesTheSocketOfALivingProcess_AndOrdinaryFiles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix only.");
        var address = new UnixDomainSocketEndPoint(Path);
        await using (await TransportFixture.StartAsync(poller: true, address))
        {
            await Should.ThrowAsync<AddressInUseException>(() => TransportFixture.StartAsync(poller: true, address));
            File.Exists(Path).ShouldBeTrue();
        }

        await File.WriteAllTextAsync(Path, "data", TestContext.Current.CancellationToken);
        await Should.ThrowAsync<AddressInUseException>(() => TransportFixture.StartAsync(poller: true, address));
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe("data");
    }

    [Fact]
    public void BindsItsOwnKindOfAddressOnly()
    {
        var factory = new DirectSocketTransportFactory(NullLoggerFactory.Instance);

        factory.CanBind(new DirectSocketEndPoint(new IPEndPoint(IPAddress.Any, 0))).ShouldBeTrue();
        factory.CanBind(new IPEndPoint(IPAddress.Any, 0)).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new DirectSocketEndPoint(new DnsEndPoint("localhost", 0)));
    }

    private sealed class CountingGate : IConnectionGate
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool CountsAddresses => false;

        public bool TryEnter(IPAddress? address)
        {
            if (Interlocked.Increment(ref _count) == 1)
            {
                return true;
            }

            Leave(address);
            return false;
        }

        public void Leave(IPAddress? address) => Interlocked.Decrement(ref _count);
    }
}
