using System.Text;
using System.Text.Json;
using Polywire.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Params;

public sealed class LoneSurrogatesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("no escape", "no escape")]
    [InlineData("\\ud83d\\ude00", "\\ud83d\\ude00")]
    [InlineData("\\uD83D\\uDE00\\uD83D\\uDE00", "\\uD83D\\uDE00\\uD83D\\uDE00")]
    [InlineData("\\ud83d", "\\ufffd")]
    [InlineData("\\ude00", "\\ufffd")]
    [InlineData("\\ude00\\ud83d", "\\ufffd\\ufffd")]
    [InlineData("\\ud83d\\ud83d\\ude00x", "\\ufffd\\ud83d\\ude00x")]
    [InlineData("\\ud83dx\\ude00", "\\ufffdx\\ufffd")]
    [InlineData("\\ud83d\\n\\ude00", "\\ufffd\\n\\ufffd")]
    [InlineData("\\\\ud83d", "\\\\ud83d")]
    [InlineData("\\\\\\ud83d", "\\\\\\ufffd")]
    [InlineData("\\u00e9\\ud7ff\\ue000", "\\u00e9\\ud7ff\\ue000")]
    [InlineData("\\ud83", "\\ud83")]
    [InlineData("\\ud83d\\ude0", "\\ufffd\\ude0")]
    [InlineData("\\udzzz", "\\udzzz")]
    [InlineData("\\", "\\")]
    [InlineData("x\\\\", "x\\\\")]
    public void ReplacesHalvesWithoutAPartner(string escaped, string replaced)
    {
        var bytes = Encoding.UTF8.GetBytes(escaped);
        LoneSurrogates.AreIn(bytes).ShouldBe(escaped != replaced);
        LoneSurrogates.Replace(bytes);

        Encoding.UTF8.GetString(bytes).ShouldBe(replaced);
    }

    [Fact]
    public void LeavesJsonThatEveryReaderTakes_WhateverIsEscapedInIt() => Fuzz.Run(
        ["\"\\ud83d\\ude00\\\\ud83d\\u00e9\\n\""u8.ToArray(), "[\"\\ude00\",\"\\ud83d\",{\"\\uD800\\uDFFF\":\"\\udbff\"}]"u8.ToArray()],
        20_000,
        static input =>
        {
            // As everywhere: bytes that are no UTF-8 are replaced first.
            input = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(input));
            LoneSurrogates.Replace(input);
            try
            {
                // What is no JSON is refused as such; what is JSON has no text that cannot be read.
                using var document = JsonDocument.Parse(input);
                ReadAll(document.RootElement);
            }
            catch (JsonException)
            {
            }
        });

    private static void ReadAll(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString().ShouldNotBeNull();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadAll(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    member.Name.ShouldNotBeNull();
                    ReadAll(member.Value);
                }

                break;
        }
    }
}
