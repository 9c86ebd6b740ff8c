using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Polywire.Redis.Tests.Connection;

public sealed class AddRedisTests
{
    [Fact]
    public void ASecondCallIsRefused()
    {
        var polywire = Host.CreateEmptyApplicationBuilder(null).AddPolywire().AddRedis("localhost");

        Should.Throw<InvalidOperationException>(() => polywire.AddRedis("localhost")).Message.ShouldBe("AddRedis was called before: a node is in one cluster.");
    }

    [Theory]
    [InlineData("redis://user:p%40ss@host:7000/3", "host:7000", "user", "p@ss", 3, false)]
    [InlineData("rediss://host", "host:6379", null, null, null, true)]
    [InlineData("host:7000,password=secret,ssl=true", "host:7000", null, "secret", null, true)]
    public void ReadsTextsAndUrls(string text, string address, string? user, string? password, int? database, bool isTls)
    {
        Redis.Connection.RedisConfiguration.TryParse(text, out var options).ShouldBeNull();

        options.EndPoints.ShouldHaveSingleItem().ToString()!.ShouldEndWith(address);
        (options.User, options.Password, options.DefaultDatabase, options.Ssl).ShouldBe((user, password, database, isTls));
    }

    [Theory]
    [InlineData("Lease", "00:00:00.1", "Polywire:Redis:Lease is '00:00:00.1000000': allowed is 00:00:00.5000000 to 00:10:00.")]
    [InlineData("Timeout", "00:00:20", "Polywire:Redis:Timeout is '00:00:20': at most Lease, which is 00:00:10.")]
    [InlineData("Secret", "short", "Polywire:Redis:Secret is '***': at least 16 bytes.")]
    [InlineData("Prefix", "", "Polywire:Redis:Prefix is empty: a text is required.")]
    [InlineData("Configuration", "redis://", "Polywire:Redis:Configuration is '***': not a URL such as redis://host:6379/0.")]
    [InlineData("ActionHero:ServerToken", "change-me", "Polywire:Redis:ActionHero:ServerToken is 'change-me': everybody knows it, so it is taken in Development alone.")]
    public void SaysWhatIsWrongWithASetting(string name, string value, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"Polywire:Redis:{name}"] = value;
        builder.AddPolywire().AddRedis("localhost:6379");
        using var host = builder.Build();

        Should.Throw<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<RedisOptions>>().Value).Failures.ShouldContain(expected);
    }
}
