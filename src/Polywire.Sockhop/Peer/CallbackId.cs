using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>The id of a request of the peer, kept as it came: any JSON value in text, any bytes in binary.</summary>
internal readonly struct CallbackId
{
    private readonly byte[] _value;

    public CallbackId(ReadOnlySpan<byte> value, bool isJson)
    {
        _value = isJson ? JsonText.OneLine(value).ToArray() : value.ToArray();
        IsJson = isJson;
    }

    public bool IsJson { get; }

    public ReadOnlySpan<byte> Value => _value;

    public int Length => _value?.Length ?? 0;

    /// <summary>A JSON token as the characters of binary mode.</summary>
    public static byte[] Characters(ReadOnlySpan<byte> token) => Plain(token).ToArray();

    /// <summary>The characters of a JSON string; any other token as it is.</summary>
    public static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> token) =>
        token is not [(byte)'"', .., (byte)'"'] ? token
        : token.Contains((byte)'\\') ? TextProtocol.Unescape(token)
        : token[1..^1];

    /// <summary>Characters as a JSON token.</summary>
    public static byte[] Token(ReadOnlySpan<byte> characters) =>
        Encoding.UTF8.GetBytes('"' + JsonEncodedText.Encode(Encoding.UTF8.GetString(characters), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() + '"');
}
