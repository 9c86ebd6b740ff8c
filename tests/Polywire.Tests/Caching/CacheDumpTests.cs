using System.Text;
using System.Text.Json;
using CsCheck;
using Polywire.Caching;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Caching;

/// <summary>Dumps: core.md K-6.</summary>
public sealed class CacheDumpTests : IDisposable
{
    // JSON in UTF-8 cannot say a lone surrogate.
    private static readonly Gen<string> AnyText = Gen.OneOf<int>(Gen.Int[0, 0x7F], Gen.Int[0x80, 0x10FFFF]).Where(Rune.IsValid)
        .Select(value => new Rune(value).ToString()).Array[1, 20].Select(runes => string.Concat(runes));

    private readonly CacheFixture _fixture = new();
    private readonly TemporaryFolder _folder = new();

    private Cache Cache => _fixture.Cache;

    private string Dump => _folder["dump.json"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fixture.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task K6_ADumpIsAMapOfFullKeysToStoredTexts()
    {
        var now = _fixture.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await Cache.SaveAsync("ä", new Dictionary<string, object?> { ["x"] = "\"<" }, TimeSpan.FromSeconds(5), cancellationToken: Token);

        (await Cache.DumpWriteAsync(Dump, Token)).ShouldBe(1);

        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(Dump, Token));
        var member = file.RootElement.EnumerateObject().ShouldHaveSingleItem();
        member.Name.ShouldBe("actionhero:cache:ä");
        member.Value.GetString().ShouldBe(
            $$"""{"value":{"x":"\"<"},"expireTimestamp":{{now + 5000}},"createdAt":{{now}},"readAt":null}""");
    }

    [Fact]
    public async Task K6_ReadingClears_Restores_AndRearmsExpiries()
    {
        await Cache.SaveAsync("ends", 1, TimeSpan.FromSeconds(60), cancellationToken: Token);
        await Cache.SaveAsync("stays", 2, cancellationToken: Token);
        var read = await Cache.LoadRequiredAsync<int>("stays", cancellationToken: Token);
        await Cache.DumpWriteAsync(Dump, Token);
        await Cache.ClearAsync(Token);
        await Cache.SaveAsync("new", 3, cancellationToken: Token);
        _fixture.Time.Advance(TimeSpan.FromSeconds(30));

        (await Cache.DumpReadAsync(Dump, Token)).ShouldBe(2);

        (await Cache.LoadAsync<int>("new", cancellationToken: Token)).ShouldBeNull();
        var restored = await Cache.LoadRequiredAsync<int>("stays", cancellationToken: Token);
        restored.Value.ShouldBe(2);
        restored.CreatedAt.ShouldBe(read.CreatedAt);
        restored.LastReadAt.ShouldBe(read.ReadAt);
        (await Cache.LoadRequiredAsync<int>("ends", cancellationToken: Token)).Value.ShouldBe(1);
        _fixture.Time.Advance(TimeSpan.FromSeconds(31));
        (await Cache.LoadAsync<int>("ends", cancellationToken: Token)).ShouldBeNull();
    }

    [Fact]
    public async Task K6_WhatExpiredIsNeitherWrittenNorRead()
    {
        await Cache.SaveAsync("a", 1, TimeSpan.FromSeconds(-1), cancellationToken: Token);
        await Cache.SaveAsync("b", 1, TimeSpan.FromSeconds(1), cancellationToken: Token);

        (await Cache.DumpWriteAsync(Dump, Token)).ShouldBe(1);
        _fixture.Time.Advance(TimeSpan.FromSeconds(2));
        (await Cache.DumpReadAsync(Dump, Token)).ShouldBe(0);

        (await Cache.SizeAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task K6_DumpingFails_WhenThereIsAList_AndLeavesTheFileAlone()
    {
        await File.WriteAllTextAsync(Dump, "{}", Token);
        await Cache.SaveAsync("a", 1, cancellationToken: Token);
        await Cache.PushAsync("list", 1, Token);

        var failure = await Should.ThrowAsync<CacheException>(() => Cache.DumpWriteAsync(Dump, Token).AsTask());

        failure.Failure.ShouldBe(CacheFailure.WrongKind);
        (await File.ReadAllTextAsync(Dump, Token)).ShouldBe("{}");
        Directory.GetFiles(_folder.Path).ShouldBe([Dump]);
    }

    [Fact]
    public async Task K6_ADumpOfActionHeroIsRead()
    {
        var file = _folder.Write("old.json", """
            {"actionhero:cache:a":"{\"value\":{\"x\":[1,2]},\"expireTimestamp\":null,\"createdAt\":1700000000000,\"readAt\":1700000001000}",
             "actionhero:cache:b":"{\"value\":\"text\",\"createdAt\":1700000000000}",
             "actionhero:cache:c":"{\"createdAt\":1700000000000}"}
            """);

        (await Cache.DumpReadAsync(file, Token)).ShouldBe(3);

        var entry = await Cache.LoadRequiredAsync<JsonElement>("a", cancellationToken: Token);
        entry.Value.GetRawText().ShouldBe("""{"x":[1,2]}""");
        entry.CreatedAt.ToUnixTimeMilliseconds().ShouldBe(1_700_000_000_000);
        entry.LastReadAt!.Value.ToUnixTimeMilliseconds().ShouldBe(1_700_000_001_000);
        (await Cache.LoadRequiredAsync<string>("b", cancellationToken: Token)).Value.ShouldBe("text");
        (await Cache.LoadRequiredAsync<string?>("c", cancellationToken: Token)).Value.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"actionhero:cache:a":1}""")]
    [InlineData("""{"actionhero:cache:a":"1"}""")]
    [InlineData("""{"actionhero:cache:a":"{"}""")]
    [InlineData("""{"actionhero:cache:a":"{\"value\":1,\"createdAt\":\"x\"}"}""")]
    [InlineData("""{"actionhero:cache:a":"{\"value\":1,\"createdAt\":1e300}"}""")]
    [InlineData("""{"actionhero:lock:a":"{\"value\":1}"}""")]
    public async Task K6_AFileThatIsNoDumpClearsNothing(string content)
    {
        await Cache.SaveAsync("kept", 1, cancellationToken: Token);
        var file = _folder.Write("bad.json", content);

        await Should.ThrowAsync<InvalidDataException>(() => Cache.DumpReadAsync(file, Token).AsTask());

        (await Cache.SizeAsync(Token)).ShouldBe(1);
    }

    [Fact]
    public async Task K6_OnlyItsOwnerMayReadADump()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix's");
        await Cache.DumpWriteAsync(Dump, Token);

#pragma warning disable CA1416 // Skipped above where it does not exist.
        File.GetUnixFileMode(Dump).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416
    }

    [Fact]
    public async Task K6_WhatWasWrittenIsReadBack() =>
        await Gen.Dictionary(AnyText, AnyText.Null())[0, 10].SampleAsync(RoundTripAsync, iter: 30, threads: 1);

    private async Task RoundTripAsync(Dictionary<string, string?> objects)
    {
        await Cache.ClearAsync(Token);
        foreach (var (key, value) in objects)
        {
            await Cache.SaveAsync(key, value, cancellationToken: Token);
        }

        (await Cache.DumpWriteAsync(Dump, Token)).ShouldBe(objects.Count);
        await Cache.SaveAsync("another", 1, cancellationToken: Token);
        (await Cache.DumpReadAsync(Dump, Token)).ShouldBe(objects.Count);

        (await Cache.SizeAsync(Token)).ShouldBe(objects.Count);
        foreach (var (key, value) in objects)
        {
            (await Cache.LoadRequiredAsync<string?>(key, cancellationToken: Token)).Value.ShouldBe(value);
        }
    }
}
