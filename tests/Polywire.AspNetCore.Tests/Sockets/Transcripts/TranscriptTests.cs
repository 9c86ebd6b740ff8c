using System.Text;
using System.Text.Json.Nodes;
using Polywire.AspNetCore.Tests.Sockets.Hosted;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Transcripts;

/// <summary>Whole conversations, with what the client sends cut in several ways.</summary>
public sealed class TranscriptTests(SharedSocketHost shared) : IClassFixture<SharedSocketHost>
{
    private const string Any = "<any>";

    public static TheoryData<string> Names => [.. Conversation.ReadAll().Select(conversation => conversation.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task IsSpokenToTheLetter_HoweverPacketsAreCut(string name)
    {
        shared.Host.Folder.Write("public/simple.html", "<h1>simple</h1>\n");
        shared.Host.Folder.Write("public/sub/späce name.txt", "a name with a space\n");
        shared.Host.Folder.Write("outside.txt", "never\n");
        var conversation = Conversation.ReadAll().Single(candidate => candidate.Name == name);
        foreach (var (way, cut) in Ways())
        {
            try
            {
                await SpeakAsync(conversation, cut);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"\"{name}\", {way}: {exception.Message}", exception);
            }
        }
    }

    private static IEnumerable<(string Way, Func<byte[], IEnumerable<ReadOnlyMemory<byte>>> Cut)> Ways()
    {
        yield return ("whole", bytes => [bytes]);
        yield return ("byte by byte", bytes => Enumerable.Range(0, bytes.Length).Select(at => (ReadOnlyMemory<byte>)bytes.AsMemory(at, 1)));
        for (var i = 0; i < 3; i++)
        {
            var seed = unchecked(Seed.Value + i);
            var random = new Random(seed);
            yield return ($"at random, {Seed.Variable}={seed}", bytes => CutAtRandom(bytes, random));
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> CutAtRandom(byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = random.Next(1, bytes.Length - at + 1);
            yield return bytes.AsMemory(at, length);
            at += length;
        }
    }

    private async Task SpeakAsync(Conversation conversation, Func<byte[], IEnumerable<ReadOnlyMemory<byte>>> cut)
    {
        await using var client = await shared.ConnectAsync();
        var steps = conversation.Steps;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            switch (step.Kind)
            {
                case StepKind.Send:
                    foreach (var piece in cut(step.Bytes))
                    {
                        await client.SendAsync(piece);
                    }

                    break;
                case StepKind.SendPacket:
                    await client.SendAsync(step.Bytes.AsMemory());
                    break;
                case StepKind.Expect:
                    Compare(step.Json!, JsonNode.Parse(await client.ReadLineAsync())!).ShouldBeNull();
                    break;
                case StepKind.ExpectInAnyOrder:
                    var expected = steps.Skip(i).TakeWhile(next => next.Kind == StepKind.ExpectInAnyOrder).Select(next => next.Json!).ToList();
                    i += expected.Count - 1;
                    while (expected.Count > 0)
                    {
                        var line = await client.ReadLineAsync();
                        expected.RemoveAll(json => Compare(json, JsonNode.Parse(line)!) is null).ShouldBe(1, line);
                    }

                    break;
                case StepKind.ExpectBytes:
                    Encoding.UTF8.GetString(await client.ReadBytesAsync(step.Bytes.Length)).ShouldBe(Encoding.UTF8.GetString(step.Bytes));
                    break;
                case StepKind.HalfClose:
                    await client.HalfCloseAsync();
                    break;
                default:
                    (await client.ReadToEndAsync()).ShouldBeEmpty();
                    break;
            }
        }
    }

    // Keys in their order too: the whole text counts but for what changes. Null where they are alike.
    private static string? Compare(JsonNode? expected, JsonNode? actual)
    {
        if (expected is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String && value.GetValue<string>() == Any)
        {
            return actual is null ? "something is missing" : null;
        }

        if (expected is not JsonObject members)
        {
            return JsonNode.DeepEquals(expected, actual) ? null : $"{actual?.ToJsonString()} in place of {expected?.ToJsonString()}";
        }

        if (actual is not JsonObject others || !members.Select(pair => pair.Key).SequenceEqual(others.Select(pair => pair.Key)))
        {
            return $"{actual?.ToJsonString()} in place of {expected.ToJsonString()}";
        }

        return members.Select(pair => Compare(pair.Value, others[pair.Key])).FirstOrDefault(difference => difference is not null);
    }
}
