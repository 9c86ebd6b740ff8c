using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Polywire.AspNetCore.Tests.Http;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Hosting;

/// <summary>Actions from delegates on the application.</summary>
public sealed class MapActionTests
{
    [Fact]
    public async Task AwaitsWhatADelegateReturns()
    {
        await using var host = await WebHost.StartAsync(map: (app, _) =>
        {
            app.MapAction("value", (In _) => new ValueTask<Answer>(LaterAsync()));
            app.MapAction("task", (In _, ActionContext _) => LaterAsync());
            app.MapAction("nothing", async (In _) => await Task.Yield());
            app.MapAction("nothingAtAll", (In _) => default(ValueTask));
        });

        foreach (var name in (string[])["value", "task"])
        {
            (await host.GetAsync($"/api/{name}")).Text.ShouldContain("\"word\":\"later\"", customMessage: name);
        }

        foreach (var name in (string[])["nothing", "nothingAtAll"])
        {
            var answer = await host.GetAsync($"/api/{name}");
            answer.Status.ShouldBe(200);
            answer.Text.ShouldNotContain("isCompleted");
        }
    }

    [Fact]
    public void IsTheSameOnTheApplicationAsOnTheBuilder()
    {
        var onApplication = SignaturesOf(typeof(PolywireEndpointRouteBuilderExtensions), typeof(IEndpointRouteBuilder));

        onApplication.ShouldBe(SignaturesOf(typeof(PolywireActionBuilderExtensions), typeof(IPolywireBuilder)));
        onApplication.Length.ShouldBeGreaterThan(10);
    }

    private static string[] SignaturesOf(Type type, Type receiver) =>
        [
            .. type.GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Where(method => method.Name is "MapAction" or "MapDynamicAction" && method.GetParameters()[0].ParameterType == receiver)
                .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Skip(1).Select(parameter => parameter.ToString()))}) "
                    + method.GetCustomAttribute<System.Runtime.CompilerServices.OverloadResolutionPriorityAttribute>()?.Priority)
                .Order(StringComparer.Ordinal),
        ];

    private static async Task<Answer> LaterAsync()
    {
        await Task.Yield();
        return new Answer("later");
    }

    internal sealed record In;

    internal sealed record Answer(string Word);
}
