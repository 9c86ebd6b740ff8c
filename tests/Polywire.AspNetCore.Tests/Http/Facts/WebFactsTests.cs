#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Facts;

/// <summary>What an ActionHero client sees, request by request.</summary>
public sealed partial class WebFactsTests(ConformanceApps apps) : IClassFixture<ConformanceApps>
{
    private static readonly string[] OnEveryAnswer = ["access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers", "strict-transport-security", "x-powered-by"];
    private static readonly string[] NotCompared = ["date", "connection", "content-length", "transfer-encoding"];

    /// <summary>Every fact.</summary>
    public static TheoryData<WebFact> Facts => [.. WebFact.All()];

    [Fact]
    public void AreMany() => WebFact.All().Count().ShouldBeGreaterThan(130);

    [Theory, MemberData(nameof(Facts), DisableDiscoveryEnumeration = true)]
    public async Task AreAnsweredAsWritten(WebFact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        var address = await apps.StartAsync(fact.Settings);
        var isHead = fact.Request[0].StartsWith("HEAD ", StringComparison.Ordinal);
        var headers = fact.Request.Skip(1).ToList();
        if (!headers.Exists(header => header.StartsWith("Host:", StringComparison.Ordinal)))
        {
            headers.Add("Host: localhost");
        }

        if (fact.Body.Length > 0)
        {
            headers.Add($"Content-Length: {fact.Body.Length}");
        }

        var answer = await RawHttp.SendAsync(address, $"{fact.Request[0]} HTTP/1.1\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}Connection: close\r\n\r\n{fact.Body}", isHead);

        answer.Status.ShouldBe(fact.Status);
        Headers(answer).ShouldBe(fact.Headers.Where(header => !IsLeftOut(header)), ignoreOrder: true);
        (answer["access-control-allow-origin"] == "*").ShouldBe(fact.Status != 302);
        ShouldBeTheSame(answer, fact);
    }

    private static void ShouldBeTheSame(RawAnswer answer, WebFact fact)
    {
        if (answer["content-encoding"] is not null)
        {
            return;
        }

        if (fact.Answer is null)
        {
            answer.Body.ShouldBeEmpty();
            return;
        }

        var expected = JsonNode.Parse(fact.Answer)!;
        if (expected.GetValueKind() == JsonValueKind.String)
        {
            Plain(answer.Text).ShouldBe(expected.GetValue<string>());
            return;
        }

        var actual = JsonNode.Parse(Plain(answer.Text))!;
        JsonNode.DeepEquals(actual, expected).ShouldBeTrue($"{actual.ToJsonString()}\nshould be\n{expected.ToJsonString()}");
    }

    private static IEnumerable<string> Headers(RawAnswer answer) =>
        from header in answer.Headers
        from value in header.Value.Split('\n')
        let line = $"{header.Key}: {(header.Key == "etag" ? "<etag>" : Plain(value))}"
        where !IsLeftOut(line) && !OnEveryAnswer.Contains(header.Key)
        select line;

    private static bool IsLeftOut(string header) => NotCompared.Contains(header.Split(':')[0]);

    // What differs from run to run.
    private static string Plain(string text)
    {
        text = Uuid().Replace(text, "<uuid>");
        text = Fingerprint().Replace(text, "<fingerprint>");
        text = Expires().Replace(text, "expires=<date>");
        text = Time().Replace(text, "$1\"<time>\"");
        text = Duration().Replace(text, "$1\"<ms>\"");
        return RandomNumber().Replace(text, "$1\"<random>\"");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\b[0-9a-f]{40}\b")]
    private static partial Regex Fingerprint();

    [GeneratedRegex("expires=[^;]*")]
    private static partial Regex Expires();

    [GeneratedRegex("(\"(?:currentTime|expireTimestamp|createdAt|readAt)\": ?)[0-9]+")]
    private static partial Regex Time();

    [GeneratedRegex("(\"requestDuration\": ?)[0-9]+")]
    private static partial Regex Duration();

    [GeneratedRegex("(\"randomNumber\": ?)[0-9.Ee+-]+")]
    private static partial Regex RandomNumber();
}
