using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Polywire.Benchmarks;

/// <summary>A connection whose peer takes everything and says nothing.</summary>
internal sealed class SwallowingConnection : ConnectionContext, IDuplexPipe
{
    public override string ConnectionId { get; set; } = "bench";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public PipeReader Input { get; } = new Pipe().Reader;

    public PipeWriter Output { get; } = new SwallowingWriter();
}
