using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>core.md 4, in ActionHero's manner: pre- and post-processors.</summary>
public class ActionProcessorsTests : HostTest
{
    private readonly List<string> _steps = [];

    [Fact]
    public async Task M2_BothRunInAscendingOrderTheActionsOwnLast()
    {
        var host = await StartAsync(
            polywire => polywire
                .UsePreProcessor<Second>(order: 20).UsePostProcessor<Second>(order: 20)
                .UsePreProcessor<First>(order: 10).UsePostProcessor<First>(order: 10)
                .AddAction(Generated.Polywire_Tests_Actions.Polywire_Tests_Pipeline_ProcessedAction()),
            options => options.ConfigureServices(services => services.AddSingleton(_steps).AddScoped<Own>().AddScoped<Last>()));

        (await host.RunAsync<string>("processed")).ShouldBe("done");

        _steps.ShouldBe(["first>", "second>", "own>", "last>", "run", "<first", "<second", "<own", "<last"]);
    }

    [Fact]
    public async Task PostProcessorsRunInsideOfMiddlewareAndPreProcessorsAtTheirPlace()
    {
        var host = await HostAsync(polywire =>
        {
            polywire.UsePreProcessor<First>(order: 10).UsePostProcessor<First>(order: 10);
            polywire.Services.AddSingleton(new MiddlewareRegistration(5, _ => Around("outer")));
            polywire.Services.AddSingleton(new MiddlewareRegistration(15, _ => Around("inner")));
            polywire.MapAction<Empty, Done>("act", Run);
        });

        await host.RunAsync<Done>("act");

        _steps.ShouldBe(["outer>", "first>", "inner>", "run", "<first", "<inner", "<outer"]);
    }

    [Fact]
    public async Task M3_AThrowFromAPreProcessorEndsTheRun()
    {
        var host = await HostAsync(polywire =>
        {
            polywire.UsePreProcessor<Refusing>(order: 1).UsePreProcessor<Second>(order: 2).UsePostProcessor<First>();
            polywire.MapAction<Empty, Done>("act", Run);
        });

        (await host.RunAsync<Done>("act").ShouldThrowAsync<ActionException>()).Message.ShouldBe("not before");

        _steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task M3_AThrowFromAPostProcessorIsAnErrorBesideTheAnswer(bool waits)
    {
        var host = await HostAsync(polywire =>
        {
            polywire.UsePostProcessor<Refusing>(order: 1).UsePostProcessor<Second>(order: 2);
            polywire.MapAction<Empty, Done>("act", async (_, _, _) =>
            {
                if (waits)
                {
                    await Task.Yield();
                }

                return new Done("run");
            });
        });
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"act"}""")).ShouldBe("""{"what":"run","error":"not after"}""");

        _steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("needs")]
    public async Task M4_PostProcessorsDoNotRunAfterAFailure(string action)
    {
        var host = await HostAsync(polywire =>
        {
            polywire.UsePostProcessor<First>();
            polywire.MapAction<Empty, Done>("fail", _ => throw new ActionException("no"));
            polywire.MapAction("needs", (Needs _) => new Done(""));
        });

        await host.RunAsync<Done>(action).ShouldThrowAsync<ActionException>();

        _steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("delegate")]
    [InlineData("dynamic")]
    [InlineData("processed")]
    public async Task P11_ToProcessOffAnswersWithoutTheActionAndWhatFollowsIt(string action)
    {
        var host = await HostAsync(polywire =>
        {
            polywire.UsePreProcessor<Skipping>().UsePostProcessor<First>();
            polywire.MapAction<Empty, Done>("delegate", Run);
            polywire.MapDynamicAction("dynamic", _ => { }, (_, _) => throw new NotSupportedException());
            polywire.AddAction(Generated.Polywire_Tests_Actions.Polywire_Tests_Pipeline_ProcessedAction());
            polywire.Services.AddScoped<Own>().AddScoped<Last>();
        });
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, $$"""{"action":"{{action}}"}""")).ShouldBe("""{"skipped":true}""");

        _steps.ShouldNotContain("run");
        _steps.ShouldNotContain("<first");
    }

    [Fact]
    public async Task P3_ToProcessOffStillChecksInputs()
    {
        var host = await HostAsync(polywire =>
        {
            polywire.UsePreProcessor<Skipping>();
            polywire.MapAction("needs", (Needs _) => new Done(""));
        });

        var error = await host.RunAsync<Done>("needs").ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.MissingParams);
    }

    private Task<Polywire.Testing.PolywireTestHost> HostAsync(Action<IPolywireBuilder> configure) =>
        StartAsync(configure, options => options.ConfigureServices(services => services.AddSingleton(_steps)));

    private Done Run(Empty input)
    {
        _steps.Add("run");
        return new Done("run");
    }

    private LambdaMiddleware Around(string name) => new(async (context, next) =>
    {
        _steps.Add($"{name}>");
        await next(context);
        _steps.Add($"<{name}");
    });

    private sealed record Needs(string Name);

    internal abstract class Noting(string name, List<string> steps) : IPreProcessor, IPostProcessor
    {
        public async ValueTask PreProcessAsync(ActionContext context)
        {
            await Task.Yield();
            steps.Add($"{name}>");
        }

        public ValueTask PostProcessAsync(ActionContext context)
        {
            steps.Add($"<{name}");
            return default;
        }
    }

    internal sealed class First(List<string> steps) : Noting("first", steps);

    internal sealed class Second(List<string> steps) : Noting("second", steps);

    internal sealed class Own(List<string> steps) : Noting("own", steps);

    internal sealed class Last(List<string> steps) : Noting("last", steps);

    private sealed class Refusing : IPreProcessor, IPostProcessor
    {
        public ValueTask PreProcessAsync(ActionContext context) => throw new ActionException("not before");

        public ValueTask PostProcessAsync(ActionContext context) => throw new ActionException("not after");
    }

    private sealed class Skipping : IPreProcessor
    {
        public ValueTask PreProcessAsync(ActionContext context)
        {
            context.ToProcess = false;
            context.Response["skipped"] = true;
            return default;
        }
    }
}
