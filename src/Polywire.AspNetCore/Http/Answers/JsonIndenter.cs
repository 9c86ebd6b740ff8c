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
        var sink = new Sink(output, indent, json.Length);
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
                    sink.Write(json[at..end]);
                    at = end;
                    break;
                case (byte)'{' or (byte)'[':
                    at = SkipBlanks(json, at + 1);
                    if (at < json.Length && json[at] is (byte)'}' or (byte)']')
                    {
                        sink.Write(token == (byte)'{' ? "{}"u8 : "[]"u8);
                        at++;
                        break;
                    }

                    sink.WriteAndBreak(token, ++depth);
                    break;
                case (byte)'}' or (byte)']':
                    sink.BreakAndWrite(--depth, token);
                    at++;
                    break;
                case (byte)',':
                    sink.WriteAndBreak(token, depth);
                    at++;
                    break;
                case (byte)':':
                    sink.Write(indent > 0 ? ": "u8 : ":"u8);
                    at++;
                    break;
                default:
                    // Numbers and words.
                    var rest = json[at..];
                    var length = rest.IndexOfAny(ScalarEnds);
                    sink.Write(length < 0 ? rest : rest[..length]);
                    at = length < 0 ? json.Length : at + length;
                    break;
            }
        }

        sink.Flush();
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

    // Asks the output for room now and then and not for each token, of which there are as many as there are bytes to some.
    private ref struct Sink(IBufferWriter<byte> output, int indent, int expected)
    {
        private Span<byte> _room = output.GetSpan(expected + (expected / 4) + 16);
        private int _used;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            Reserve(bytes.Length);
            bytes.CopyTo(_room[_used..]);
            _used += bytes.Length;
        }

        public void WriteAndBreak(byte token, int depth)
        {
            Reserve((depth * indent) + 2);
            _room[_used++] = token;
            Break(depth);
        }

        public void BreakAndWrite(int depth, byte token)
        {
            Reserve((depth * indent) + 2);
            Break(depth);
            _room[_used++] = token;
        }

        public readonly void Flush() => output.Advance(_used);

        private void Break(int depth)
        {
            if (indent > 0)
            {
                _room[_used++] = (byte)'\n';
                _room.Slice(_used, depth * indent).Fill((byte)' ');
                _used += depth * indent;
            }
        }

        private void Reserve(int bytes)
        {
            if (_room.Length - _used < bytes)
            {
                output.Advance(_used);
                _used = 0;
                _room = output.GetSpan(Math.Max(bytes, expected));
            }
        }
    }
}
