using System.Text.Json.Serialization;
using Polywire.Sockhop;

namespace Polywire.SockhopBench;

#pragma warning disable IDE1006, CA1707 // The names on the wire.
internal sealed record Question(string action, int messageId);

internal sealed record AskedBack(int messageId, bool block);

internal sealed record Answer(double randomNumber, int messageId);

internal sealed record Received(int bytes);
#pragma warning restore IDE1006, CA1707

[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(AskedBack))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(Received))]
internal sealed partial class Messages : JsonSerializerContext
{
    public static SockhopTypeRegistry Types => new SockhopTypeRegistry().Register<AskedBack>().AddJsonContext(Default);
}
