using Polywire.TestSupport;

namespace Polywire.Sockhop.Tests;

/// <summary>A server at the end of a wire on which a test says what comes.</summary>
internal static class Wires
{
    public static byte[] Transition { get; } = "{\"type\":\"SockhopBinaryModeTransition\",\"data\":{}}\n"u8.ToArray();

    /// <summary>Lets a server hear pieces one after the other and then the end.</summary>
    /// <returns>What it made of them.</returns>
    public static async Task<Heard> HearAsync(IEnumerable<ReadOnlyMemory<byte>> pieces, Action<SockhopServerOptions>? configure = null)
    {
        var options = new SockhopServerOptions();
        configure?.Invoke(options);
        await using var server = new SockhopServer(options);
        var heard = new Heard();
        var end = new TaskCompletionSource<SockhopDisconnect>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnMessage((message, _, _) =>
        {
            heard.Messages.Add(message.Kind == SockhopMessageKind.Json
                ? $"{message.Type} {(message.HasValue ? message.Json.GetRawText() : "nothing")}"
                : $"{message.Kind} {message.Type} {Convert.ToHexString(message.Memory.Span)}");
            heard.Requests += message.IsRequest ? 1 : 0;
            return default;
        });
        server.ProtocolError += (_, error) => heard.AllErrors.Add(error);
        server.HandlerFailed += (_, exception) => end.TrySetException(exception);
        server.Disconnected += (_, value) => end.TrySetResult(value);
        using var wire = new ScriptedWire(pieces);
        await server.BeginAsync(wire);
        heard.End = await end.Task.WithinLimit();
        heard.Sent = wire.Sent;
        return heard;
    }

    public static Task<Heard> HearAsync(byte[] bytes, Action<SockhopServerOptions>? configure = null) =>
        HearAsync([new ReadOnlyMemory<byte>(bytes)], configure);
}
