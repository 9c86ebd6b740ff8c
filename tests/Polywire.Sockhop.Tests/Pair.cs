using System.Text.Json.Serialization;
using Polywire.TestSupport;

namespace Polywire.Sockhop.Tests;

/// <summary>A server and a client on a Unix socket of their own.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Pair(Action<SockhopServerOptions>? server = null, Action<SockhopClientOptions>? client = null)
    {
        Path = _folder["s"];
        var serverOptions = new SockhopServerOptions { UnixSocketPath = Path, Types = Types() };
        server?.Invoke(serverOptions);
        Server = new SockhopServer(serverOptions);
        var clientOptions = new SockhopClientOptions { UnixSocketPath = Path, Types = Types(), HandshakeTimeout = Within.Limit };
        client?.Invoke(clientOptions);
        Client = new SockhopClient(clientOptions);
    }

    public string Path { get; }

    public SockhopServer Server { get; }

    public SockhopClient Client { get; }

    public SockhopSession Session => Server.Sessions.Single();

    public static SockhopTypeRegistry Types() =>
        new SockhopTypeRegistry().AddJsonContext(PairJson.Default).Register<Job>().Register<Done>("Finished");

    public async Task<Pair> StartAsync()
    {
        await Server.StartAsync();
        await (Client.Options.CompatibilityMode ? Client.ConnectAsync() : Client.StartAsync()).WithinLimit();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

internal sealed record Job(int Id, string? Note = null);

internal sealed record Done(int Id);

[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Done))]
internal sealed partial class PairJson : JsonSerializerContext;
