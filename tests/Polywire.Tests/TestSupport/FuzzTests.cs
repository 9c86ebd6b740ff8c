using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.TestSupport;

public class FuzzTests
{
    private static readonly byte[][] Corpus = [[.. "first message"u8], [], [.. "another"u8]];

    [Fact]
    public void TheSameSeedGivesTheSameBytes()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            Mutations.Next(Corpus, new Random(seed)).ShouldBe(Mutations.Next(Corpus, new Random(seed)));
        }
    }

    [Fact]
    public void MutatesInMoreThanOneWayAndLeavesTheCorpusAlone()
    {
        var random = new Random(7);
        var inputs = Enumerable.Range(0, 2000).Select(_ => Mutations.Next(Corpus, random)).ToArray();

        inputs.Select(Encoding.Latin1.GetString).Distinct().Count().ShouldBeGreaterThan(1000);
        inputs.ShouldContain(input => input.Length > 13);
        inputs.ShouldContain(input => input.Length < 7);
        Corpus[0].ShouldBe("first message"u8.ToArray());
    }

    [Fact]
    public void AFailureNamesTheSeedAndTheInputThatRepeatIt()
    {
        var calls = 0;
        byte[] last = [];

        var exception = Should.Throw<FuzzException>(() => Fuzz.Run(Corpus, 100, input =>
        {
            last = input;
            if (++calls == 3)
            {
                throw new FormatException("spoiled");
            }
        }));

        var seed = Seed.Value + 2;
        exception.InnerException.ShouldBeOfType<FormatException>();
        exception.Message.ShouldContain("FormatException: spoiled");
        exception.Message.ShouldContain($"POLYWIRE_SEED={seed}.");
        exception.Message.ShouldEndWith($"Input of {last.Length} bytes: {Convert.ToHexStringLower(last)}");
        Mutations.Next(Corpus, new Random(seed)).ShouldBe(last);
    }

    [Fact]
    public async Task FuzzesAsynchronousCodeToo()
    {
        var calls = 0;

        await Fuzz.RunAsync(Corpus, 10, async _ =>
        {
            await Task.Yield();
            calls++;
        });

        calls.ShouldBe(10);
        await Should.ThrowAsync<FuzzException>(() => Fuzz.RunAsync(Corpus, 10, _ => throw new FormatException("spoiled")));
    }
}
