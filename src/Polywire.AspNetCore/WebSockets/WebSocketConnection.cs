using System.IO.Pipelines;
using System.Security.Claims;
using Polywire.AspNetCore.Policies;
using Polywire.AspNetCore.WebSockets.Frames;
using Polywire.AspNetCore.WebSockets.Upgrade;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Json;

namespace Polywire.AspNetCore.WebSockets;

/// <summary>A client on a WebSocket.</summary>
internal sealed partial class WebSocketConnection : StreamConnection
{
    private static int _lastSlice;
    private readonly WebSocketServices _services;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly Action<WebSocketConnection> _abort;
    private readonly string _remoteIP;
    private readonly ushort _remotePort;
    private readonly IReadOnlyDictionary<string, ClaimsPrincipal>? _schemeUsers;
    private readonly ClaimsPrincipal _openedAs;
    private ConnectionHandshake _told;

    /// <summary>Makes a connection over an upgraded transport.</summary>
    /// <param name="opening">What the upgrade said.</param>
    /// <param name="wire">The transport behind the upgrade.</param>
    /// <param name="services">The host's.</param>
    public WebSocketConnection(WebSocketOpening opening, WebSocketWire wire, WebSocketServices services)
        : base(
            Transports.WebSocket,
            services.Connections,
            opening.Compression is null ? services.Plain : services.Compressed,
            wire.Output,
            wire.OutputCollects,
            opening.Fingerprint,
            services.Limits)
    {
        _services = services;
        (_input, _output, _abort) = (wire.Input, wire.Output, wire.Abort);
        (_remoteIP, _remotePort) = (opening.RemoteIP, (ushort)opening.RemotePort);
        IsPrimus = opening.IsPrimus;
        _frames = new FrameReader(services.Options.MaxMessageLength, isCompressing: opening.Compression is not null);
        _schemeUsers = opening.SchemeUsers;
        _told = opening.Handshake;
        if (opening.User is { } user)
        {
            User = user;
        }

        _openedAs = User;
    }

    public override string RemoteIP => _remoteIP;

    public override int RemotePort => _remotePort;

    public override ConnectionHandshake Handshake => Volatile.Read(ref _told);

    public override bool AttributesPushes => true;

    /// <summary>A number that spreads connections over the steps of a heartbeat.</summary>
    public int Slice { get; } = Interlocked.Increment(ref _lastSlice) & int.MaxValue;

    /// <summary>How messages look.</summary>
    public JsonMessageProtocol Messages => (JsonMessageProtocol)Protocol;

    /// <summary>Who is asking by the schemes that a policy names: whom they found at the upgrade, or whom the application has put in since.</summary>
    public ClaimsPrincipal? UserBy(IEnumerable<string> schemes) =>
        !ReferenceEquals(User, _openedAs) ? User : _schemeUsers is { } found ? SchemeUsers.Merge(found, schemes) : null;

    protected override PipeReader Input => _input;

    protected override TimeSpan GoodbyeLimit => CloseLimit;

    public override async ValueTask<bool> SendFileAsync(PublicFile file, FileRequest request, MessageIds ids)
    {
        switch (file.Status)
        {
            case PublicFileStatus.Found when file.Length > Outbound.Limits.MaxBytes:
                return TellFileError(Services.Texts.FileTooLarge, ids);
            case PublicFileStatus.Found:
                try
                {
                    using var content = await FileContent.ReadAsync(file);
                    return TellFile(file, content.Bytes.Span, request, ids);
                }
                catch (IOException)
                {
                    return TellFileError(Services.Texts.FileReadError("it cannot be read"), ids);
                }

            case PublicFileStatus.Unreadable:
                return TellFileError(Services.Texts.FileReadError(file.Reason!), ids);
            default:
                return TellFileError(Services.Texts.FileNotFound, ids);
        }
    }

    protected override void FramePush(ResponseBuffer buffer)
    {
        var hasIds = RequestScope.TryShareIds(this, out var ids);
        Messages.WritePush(buffer, ids, hasIds);
        ids.Release();
    }

    protected override void SayWelcome()
    {
        // The middleware has seen it.
        if (!_services.KeepsHandshakes)
        {
            Volatile.Write(ref _told, ((UpgradeHandshake)_told).Release());
        }

        base.SayWelcome();
    }

    protected override void Reset() => _abort(this);

    private bool TellFile(in PublicFile file, ReadOnlySpan<byte> content, in FileRequest request, in MessageIds ids)
    {
        using var buffer = ResponseBuffer.Rent();
        Messages.WriteFile(buffer, content, _services.Types.Of(file.Path!), file.LastModified, request.AsBase64, ids);
        return buffer.Length <= Outbound.Limits.MaxBytes
            ? Outbound.TryAdd(buffer.WrittenSpan)
            : TellFileError(Services.Texts.FileTooLarge, ids);
    }

    private bool TellFileError(string error, in MessageIds ids)
    {
        using var buffer = ResponseBuffer.Rent();
        Messages.WriteFileError(buffer, error, ids);
        Outbound.TryAdd(buffer.WrittenSpan);
        return false;
    }
}
