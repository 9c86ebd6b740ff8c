using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Sockets;
using Polywire.Rooms;

namespace Polywire.Benchmarks;

/// <summary>The real pipeline over a pipe that swallows what is written: no socket, no network.</summary>
internal sealed class Harness : IDisposable
{
    private readonly IHost _host;

    public Harness()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMetrics();
        builder.AddPolywire(options => options.SimultaneousActions = 1000).AddActions().AddRooms("room").AddSocketServer(socket => socket.Enabled = false);
        _host = builder.Build();
        _host.Start();
        Sockets = _host.Services.GetRequiredService<SocketServices>();
        Rooms = _host.Services.GetRequiredService<RoomService>();
    }

    public SocketServices Sockets { get; }

    public RoomService Rooms { get; }

    public SocketConnection Connect() => new(new SwallowingConnection(), Sockets);

    public void Dispose() => _host.Dispose();
}

/// <summary>A writer that takes everything at once.</summary>
internal sealed class SwallowingWriter : PipeWriter
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    public override void Advance(int bytes)
    {
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(false, false));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        new(new FlushResult(false, false));

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
