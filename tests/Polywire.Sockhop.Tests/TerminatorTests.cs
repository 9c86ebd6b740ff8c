using System.Buffers;
using System.Text;
using System.Text.Json;
using Polywire.Sockhop.Protocol;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Sockhop.Tests;

public class TerminatorTests
{
    private const string Characters = "{}[]:,\\/+-.019eEabfnrtuslxNDé| ";

    private static readonly string[] Escapes = ["\\b", "\\f", "\\n", "\\r", "\\t", "\\/", "\\\\", "\\\"", "\\u00EA", "\\u00ea", "\\uFFFD", "\\u0bAd"];
    private static readonly string[] Values = ["true", "false", "null", "-1", "1e-5", "2E+10", "0.19", "{}", "[]", "[[],{\"a\":[true]}]", "{\"x\":{\"y\":null}}"];

    [Fact]
    public void IsFoundAtTheEndOfAMessageAndNowhereElse()
    {
        var random = new Random(Seed.Value);
        var accepted = 0;
        for (var i = 0; i < 3000; i++)
        {
            var terminator = Encoding.UTF8.GetBytes(Text(random, 1 + random.Next(3)));
            TerminatorEscape? escape;
            try
            {
                escape = TerminatorEscape.For(terminator);
            }
            catch (ArgumentException)
            {
                continue;
            }

            accepted++;
            for (var j = 0; j < 20; j++)
            {
                var json = Encoding.UTF8.GetBytes($$"""{"type":"{{String(random)}}","data":{{Value(random)}},"id":"{{String(random)}}","more":{{Value(random)}}}""");
                var written = new ArrayBufferWriter<byte>();
                escape.ShouldNotBeNull().Write(json, written);

                var line = written.WrittenSpan.ToArray();
                var found = new byte[][] { line, terminator }.SelectMany(part => part).ToArray().AsSpan().IndexOf(terminator);
                found.ShouldBe(line.Length, $"{Encoding.UTF8.GetString(terminator)} in {Encoding.UTF8.GetString(line)}");
                JsonElement.DeepEquals(JsonElement.Parse(line), JsonElement.Parse(json)).ShouldBeTrue();
            }
        }

        accepted.ShouldBeGreaterThan(1000);
    }

    private static string Value(Random random) => random.Next(3) switch
    {
        0 => $"\"{String(random)}\"",
        1 => Values[random.Next(Values.Length)],
        _ => $"[{Value(random)},{{\"{String(random)}\":{Value(random)}}}]",
    };

    // The content of a string, some of it as escapes.
    private static string String(Random random)
    {
        var content = new StringBuilder();
        for (var i = random.Next(6); i > 0; i--)
        {
            var character = Text(random, 1);
            content.Append(character == "\\" || random.Next(4) == 0 ? Escapes[random.Next(Escapes.Length)] : character);
        }

        return content.ToString();
    }

    private static string Text(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Characters[random.Next(Characters.Length)]));
}
