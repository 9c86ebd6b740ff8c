using System.Text;
using Polywire.Json;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>The parts of the envelope that are the same in every answer, written once.</summary>
/// <remarks>Source: docs/protocol/http.md, "Envelope".</remarks>
internal sealed class EnvelopeTexts
{
    public EnvelopeTexts(PolywireOptions polywire, WebOptions web, bool tellsServer, bool tellsRequester)
    {
        IsLegacy = web.Legacy;
        TellsServer = tellsServer;
        TellsRequester = tellsRequester;
        Names = ["serverInformation", web.Legacy ? "requestorInformation" : "requesterInformation"];
        using var buffer = ResponseBuffer.Rent();
        var writer = buffer.Writer;
        writer.WriteStartObject();
        writer.WriteString("serverName"u8, polywire.ServerName);
        writer.WriteString("apiVersion"u8, polywire.ApiVersion);
        writer.WriteEndObject();
        writer.Flush();
        var server = Encoding.UTF8.GetString(buffer.WrittenSpan[..^1]);
        Server = Encoding.UTF8.GetBytes($"\"serverInformation\":{server},\"requestDuration\":");
        Requester = Encoding.UTF8.GetBytes($"\"{Names[1]}\":");
    }

    /// <summary>Whether the older names are used.</summary>
    public bool IsLegacy { get; }

    public bool TellsServer { get; }

    public bool TellsRequester { get; }

    /// <summary>The keys that are the envelope's and no action's.</summary>
    public string[] Names { get; }

    /// <summary>From the name up to the value of <c>requestDuration</c>.</summary>
    public byte[] Server { get; }

    /// <summary>The name.</summary>
    public byte[] Requester { get; }
}
