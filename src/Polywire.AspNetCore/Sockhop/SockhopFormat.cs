using Polywire.Doors;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>The message as it is: the library puts the envelope around it for each peer.</summary>
internal sealed class SockhopFormat : WireFormat
{
    private SockhopFormat()
    {
    }

    public static SockhopFormat Instance { get; } = new();

    public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json) => json;
}
