using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <summary>The id of a request of the peer, kept as it came: any JSON value in text, any bytes in binary.</summary>
internal readonly struct CallbackId
{
    private readonly byte[] _value;

    public CallbackId(ReadOnlySpan<byte> value, bool isJson)
    {
        _value = value.ToArray();
        IsJson = isJson;
    }

    public bool IsJson { get; }

    public ReadOnlySpan<byte> Value => _value;

    /// <summary>A JSON token as the characters of binary mode.</summary>
    public static byte[] Characters(ReadOnlySpan<byte> token) => token[0] == (byte)'"' ? TextProtocol.Unescape(token) : token.ToArray();

    /// <summary>Characters as a JSON token.</summary>
    public static byte[] Token(ReadOnlySpan<byte> characters) =>
        Encoding.UTF8.GetBytes('"' + JsonEncodedText.Encode(Encoding.UTF8.GetString(characters), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() + '"');
}
