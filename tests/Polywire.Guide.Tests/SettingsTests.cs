using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Polywire.Hosting;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>The settings that the guide shows exist.</summary>
public sealed class SettingsTests
{
    public static TheoryData<string> Pages => [.. GuidePage.Files.Where(file => GuidePage.Read(file).In("json").Any())];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EverySettingExists(string file)
    {
        foreach (var block in GuidePage.Read(file).In("json"))
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            using var json = new MemoryStream(Encoding.UTF8.GetBytes(block.Text));
            builder.Configuration.AddJsonStream(json);
            builder.Services.AddRoutingCore();
            builder.AddPolywire().AddSocketServer().AddSockhopServer().AddLiveView().AddRedis();

            new UnknownSettings(builder.Configuration, KnownSettings.Of(builder.Services), NullLogger<UnknownSettings>.Instance).Find().ShouldBeEmpty(block.ToString());
        }
    }
}
