using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polywire.Sockhop.Protocol;

/// <summary>A type name in the forms that are written.</summary>
internal sealed class WireType
{
    public static readonly WireType String = new("String");
    public static readonly WireType Number = new("Number");
    public static readonly WireType Boolean = new("Boolean");
    public static readonly WireType Array = new("Array");
    public static readonly WireType Object = new("Object");
    public static readonly WireType Date = new("Date");
    public static readonly WireType Error = new("Error");
    public static readonly WireType Buffer = new(WireNames.Buffer);
    public static readonly WireType Handshake = new(WireNames.Handshake);
    public static readonly WireType Transition = new(WireNames.Transition);
    public static readonly WireType Ping = new(WireNames.Ping);
    public static readonly WireType Pong = new(WireNames.Pong);

    public WireType(string name)
    {
        Name = name;
        Utf8 = Encoding.UTF8.GetBytes(name);
        Json = Encoding.UTF8.GetBytes('"' + JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() + '"');
    }

    public string Name { get; }

    /// <summary>As binary mode writes it.</summary>
    public byte[] Utf8 { get; }

    /// <summary>As text mode writes it, with quotes.</summary>
    public byte[] Json { get; }

    /// <summary>What JavaScript calls the value of a JSON text.</summary>
    public static WireType OfJson(ReadOnlySpan<byte> json) => json.IsEmpty ? Object : json[0] switch
    {
        (byte)'"' => String,
        (byte)'[' => Array,
        (byte)'{' => Object,
        (byte)'t' or (byte)'f' => Boolean,
        _ => Number,
    };
}
