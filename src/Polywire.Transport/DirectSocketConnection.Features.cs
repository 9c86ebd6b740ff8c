using System.Buffers;
using System.Collections;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Polywire.Transport;

/// <content>What a connection is asked about itself; made on demand, as an idle connection pays for every field.</content>
internal sealed partial class DirectSocketConnection :
    IFeatureCollection,
    IConnectionIdFeature,
    IConnectionItemsFeature,
    IConnectionTransportFeature,
    IConnectionLifetimeFeature,
    IConnectionEndPointFeature,
    IConnectionSocketFeature,
    IMemoryPoolFeature
{
    private readonly long _number;
    private Extras? _extras;

    // Kestrel sets one object for several features before anything else; all of them are found in it.
    private object? _host;

    /// <inheritdoc/>
    /// <remarks>Made from a number at each call: Kestrel asks once for every connection, to log it.</remarks>
    public override string ConnectionId
    {
        get => _extras?.Id ?? string.Create(CultureInfo.InvariantCulture, $"S{_number:X10}");
        set => Extra.Id = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => this;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => Extra.Items ??= new ConnectionItems();
        set => Extra.Items = value;
    }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => _extras?.Transport ?? this;
        set => Extra.Transport = value == this ? null : value;
    }

    /// <inheritdoc/>
    /// <remarks><see langword="null"/> once the connection is closed, unless it was read before.</remarks>
    public override EndPoint? LocalEndPoint
    {
        get => _extras?.Local ?? (Ask(static socket => socket.LocalEndPoint) is { } local ? Extra.Local = local : null);
        set => Extra.Local = value;
    }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint
    {
        get => _extras?.Remote ?? Ask(static socket => socket.RemoteEndPoint);
        set => Extra.Remote = value;
    }

    /// <inheritdoc/>
    public Socket Socket => _socket;

    /// <inheritdoc/>
    public MemoryPool<byte> MemoryPool => _listener.Options.Memory;

    /// <inheritdoc/>
    bool IFeatureCollection.IsReadOnly => false;

    /// <inheritdoc/>
    int IFeatureCollection.Revision => _extras?.Revision ?? 0;

    /// <summary>Gets the address that the connection was counted in with; null where addresses are not counted.</summary>
    public IPAddress? CountedAddress
    {
        get => _extras?.CountedAddress;
        init
        {
            if (value is not null)
            {
                Extra.CountedAddress = value;
            }
        }
    }

    private Extras Extra => _extras ?? Interlocked.CompareExchange(ref _extras, new Extras(), null) ?? _extras;

    /// <inheritdoc/>
    object? IFeatureCollection.this[Type key]
    {
        get => Find(key);
        set
        {
            if (_host is null && _extras is not { Features: not null } && value is not null)
            {
                _host = value;
                return;
            }

            if (value is not null && value == _host)
            {
                _extras?.Features?.Remove(key);
                return;
            }

            (Extra.Features ??= [])[key] = value;
            _extras!.Revision++;
        }
    }

    /// <inheritdoc/>
    TFeature? IFeatureCollection.Get<TFeature>() where TFeature : default => (TFeature?)Find(typeof(TFeature));

    /// <inheritdoc/>
    void IFeatureCollection.Set<TFeature>(TFeature? instance) where TFeature : default =>
        ((IFeatureCollection)this)[typeof(TFeature)] = instance;

    /// <inheritdoc/>
    IEnumerator<KeyValuePair<Type, object>> IEnumerable<KeyValuePair<Type, object>>.GetEnumerator()
    {
        foreach (var (type, feature) in _extras?.Features ?? [])
        {
            if (feature is not null)
            {
                yield return new KeyValuePair<Type, object>(type, feature);
            }
        }

        foreach (var type in Own)
        {
            if (_extras?.Features?.ContainsKey(type) != true)
            {
                yield return new KeyValuePair<Type, object>(type, this);
            }
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<KeyValuePair<Type, object>>)this).GetEnumerator();

    private static readonly Type[] Own =
    [
        typeof(IConnectionIdFeature), typeof(IConnectionItemsFeature), typeof(IConnectionTransportFeature),
        typeof(IConnectionLifetimeFeature), typeof(IConnectionEndPointFeature), typeof(IConnectionSocketFeature),
        typeof(IMemoryPoolFeature),
    ];

    private object? Find(Type key)
    {
        if (_extras?.Features is { } features && features.TryGetValue(key, out var feature))
        {
            return feature;
        }

        return Array.IndexOf(Own, key) >= 0 ? this : key.IsInstanceOfType(_host) ? _host : null;
    }

    private void RememberRemoteEndPoint()
    {
        if (RemoteEndPoint is { } remote)
        {
            Extra.Remote = remote;
        }
    }

    private EndPoint? Ask(Func<Socket, EndPoint?> question)
    {
        try
        {
            return question(_socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private sealed class Extras
    {
        public string? Id { get; set; }

        public IDictionary<object, object?>? Items { get; set; }

        public IDuplexPipe? Transport { get; set; }

        public IPAddress? CountedAddress { get; set; }

        public EndPoint? Local { get; set; }

        public EndPoint? Remote { get; set; }

        public Dictionary<Type, object?>? Features { get; set; }

        public int Revision { get; set; }
    }
}
