using Polywire.TestSupport;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>One host with default settings for all tests of a class.</summary>
public sealed class SharedSocketHost : IAsyncLifetime
{
    private SocketHost? _host;

    internal SocketHost Host => _host!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _host = await SocketHost.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    /// <summary>Connects to the host and reads the welcome.</summary>
    public Task<TcpLineClient> ConnectAsync() => Host.ConnectAsync();
}
