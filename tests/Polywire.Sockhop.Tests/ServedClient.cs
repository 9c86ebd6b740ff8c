using Polywire.TestSupport;

namespace Polywire.Sockhop.Tests;

/// <summary>A client on a Unix socket of its own, whose server the test plays.</summary>
internal sealed class ServedClient : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ServedClient(Action<SockhopClientOptions>? configure = null)
    {
        Listener = new RawListener(Path);
        var options = new SockhopClientOptions { UnixSocketPath = Path };
        configure?.Invoke(options);
        Client = new SockhopClient(options);
    }

    public string Path => _folder["s"];

    public RawListener Listener { get; }

    public SockhopClient Client { get; }

    /// <summary>Lets the client connect, without a handshake.</summary>
    public async Task<RawPeer> ConnectAsync()
    {
        await Client.ConnectAsync().WithinLimit();
        return await Listener.AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Listener.Dispose();
        _folder.Dispose();
    }
}
