using System.Text.Json.Serialization;
using Polywire.Sockhop;

namespace SockhopPeers;

/// <summary>Asked by the Node process.</summary>
internal sealed record Greeting(string Name);

/// <summary>The answer.</summary>
internal sealed record Greeted(string Text);

/// <summary>Asked by this process: what arrived of a buffer?</summary>
internal sealed record Received(int Length, string Sha256);

[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Greeted))]
[JsonSerializable(typeof(Received))]
internal sealed partial class Messages : JsonSerializerContext
{
    public static SockhopTypeRegistry Types => new SockhopTypeRegistry().AddJsonContext(Default).Register<Greeting>().Register<Greeted>();
}
