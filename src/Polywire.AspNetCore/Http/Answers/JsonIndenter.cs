using System.Buffers;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>Lays JSON out as <c>JSON.stringify</c> does, without taking it apart: blanks for each level, or none at all.</summary>
/// <remarks>For JSON that is known to be right. Texts and numbers stay as they are; only white space between tokens changes.</remarks>
internal static class JsonIndenter
{
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(" \t\r\n,:]}"u8);
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);

    /// <summary>Writes JSON anew.</summary>
    /// <param name="json">One whole value.</param>
    /// <param name="output">Gets it.</param>
    /// <param name="indent">Blanks for each level; 0 writes everything on one line.</param>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output, int indent)
    {
        var depth = 0;
        var at = 0;
        while (at < json.Length)
        {
            var token = json[at];
            switch (token)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    at++;
                    break;
                case (byte)'"':
                    var end = EndOfString(json, at);
                    output.Write(json[at..end]);
                    at = end;
                    break;
                case (byte)'{' or (byte)'[':
                    at = SkipBlanks(json, at + 1);
                    if (at < json.Length && json[at] is (byte)'}' or (byte)']')
                    {
                        output.Write(token == (byte)'{' ? "{}"u8 : "[]"u8);
                        at++;
                        break;
                    }

                    Write(output, token);
                    NewLine(output, ++depth * indent, indent);
                    break;
                case (byte)'}' or (byte)']':
                    NewLine(output, --depth * indent, indent);
                    Write(output, token);
                    at++;
                    break;
                case (byte)',':
                    Write(output, token);
                    NewLine(output, depth * indent, indent);
                    at++;
                    break;
                case (byte)':':
                    output.Write(indent > 0 ? ": "u8 : ":"u8);
                    at++;
                    break;
                default:
                    // Numbers and words.
                    var rest = json[at..];
                    var length = rest.IndexOfAny(ScalarEnds);
                    output.Write(length < 0 ? rest : rest[..length]);
                    at = length < 0 ? json.Length : at + length;
                    break;
            }
        }
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int at)
    {
        at++;
        while (true)
        {
            at += json[at..].IndexOfAny(StringEnds);
            if (json[at] == (byte)'"')
            {
                return at + 1;
            }

            at += 2;
        }
    }

    private static int SkipBlanks(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    private static void Write(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static void NewLine(IBufferWriter<byte> output, int blanks, int indent)
    {
        if (indent == 0)
        {
            return;
        }

        var span = output.GetSpan(blanks + 1);
        span[0] = (byte)'\n';
        span.Slice(1, blanks).Fill((byte)' ');
        output.Advance(blanks + 1);
    }
}
