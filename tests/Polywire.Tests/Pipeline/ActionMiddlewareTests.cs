using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Actions;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>core.md 4, around style.</summary>
public class ActionMiddlewareTests : HostTest
{
    private readonly List<string> _steps = [];

    [Fact]
    public async Task M2_RunsInAscendingOrderAndUnwindsTheOtherWay()
    {
        var host = await StartAsync(polywire =>
        {
            Use(polywire, 200, "second");
            Use(polywire, 50, "first");
            var action = polywire.MapAction<Empty, Done>("act", Run);
            Own(action, Around("own a"), Around("own b"));
        });

        await host.RunAsync<Done>("act");

        _steps.ShouldBe(["first>", "second>", "own a>", "own b>", "run", "<own b", "<own a", "<second", "<first"]);
    }

    [Fact]
    public async Task M7_EqualOnesRunInTheOrderTheyWereAdded()
    {
        var host = await StartAsync(polywire =>
        {
            foreach (var name in "hgfedcba")
            {
                Use(polywire, 100, name.ToString());
            }

            polywire.MapAction<Empty, Done>("act", Run);
        });

        await host.RunAsync<Done>("act");

        string.Concat(_steps.Where(step => step.EndsWith('>')).Select(step => step[0])).ShouldBe("hgfedcba");
    }

    [Fact]
    public async Task OwnMiddlewareRunsAroundItsOwnActionOnly()
    {
        var host = await StartAsync(polywire =>
        {
            Own(polywire.MapAction<Empty, Done>("with", Run), Around("own"));
            polywire.MapAction<Empty, Done>("without", Run);
        });

        await host.RunAsync<Done>("without");
        _steps.ShouldBe(["run"]);
        await host.RunAsync<Done>("with");

        _steps.ShouldBe(["run", "own>", "run", "<own"]);
    }

    [Fact]
    public async Task NotCallingNextAnswersWithoutTheAction()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("act", Run);
            Use(polywire, 1, (context, _) =>
            {
                context.Result = new Done("instead");
                return default;
            });
        });

        (await host.RunAsync<Done>("act")).What.ShouldBe("instead");

        _steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnErrorThatIsSetWithoutCallingNextIsTheAnswer()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("act", Run);
            Use(polywire, 1, (context, _) =>
            {
                context.Error = new ActionError { Status = ActionStatus.Unauthorized, Message = "who are you" };
                return default;
            });
        });

        var error = await host.RunAsync<Done>("act").ShouldThrowAsync<ActionException>();

        (error.Status, error.Message).ShouldBe((ActionStatus.Unauthorized, "who are you"));
        _steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MayReplaceTheResult(bool waits)
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("act", Run);
            Use(polywire, 1, async (context, next) =>
            {
                await next(context);
                if (waits)
                {
                    await Task.Yield();
                }

                context.Result = new Done($"not {((Done)context.Result!).What}");
            });
        });

        (await host.RunAsync<Done>("act")).What.ShouldBe("not run");
    }

    [Fact]
    public async Task MayReplaceTheResultByAnotherType()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("act", Run);
            Use(polywire, 1, async (context, next) =>
            {
                await next(context);
                context.Result = new { other = 1 };
            });
        });
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"act"}""")).ShouldBe("""{"other":1}""");
    }

    [Fact]
    public async Task SeesWhatTheActionThrewAndMayClearIt()
    {
        ActionStatus? seen = null;
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("act", _ => throw new ActionException("no") { Status = ActionStatus.Conflict });
            Use(polywire, 1, async (context, next) =>
            {
                await next(context);
                seen = context.Outcome;
                context.Error = null;
                context.Result = new Done("all the same");
            });
        });

        (await host.RunAsync<Done>("act")).What.ShouldBe("all the same");

        seen.ShouldBe(ActionStatus.Conflict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task M3_AThrowBeforeTheActionEndsTheRunWithItsWords(bool waits)
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("act", Run);
            Use(polywire, 1, "outer");
            Use(polywire, 2, async (_, _) =>
            {
                if (waits)
                {
                    await Task.Yield();
                }

                throw new ActionException("stop") { Status = ActionStatus.RateLimited };
            });
        });

        var error = await host.RunAsync<Done>("act").ShouldThrowAsync<ActionException>();

        (error.Status, error.Message).ShouldBe((ActionStatus.RateLimited, "stop"));
        _steps.ShouldBe(["outer>", "<outer"]);
    }

    [Fact]
    public async Task M3_AThrowAfterTheActionMakesAnErrorBesideTheAnswer()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction<Empty, Done>("act", Run);
            Use(polywire, 1, async (context, next) =>
            {
                await next(context);
                throw new ActionException("too late");
            });
        });
        var client = await host.ConnectAsync();

        (await AnswerAsync(client, """{"action":"act"}""")).ShouldBe("""{"what":"run","error":"too late"}""");
    }

    [Fact]
    public async Task SeesEveryParamWhileTheActionSeesItsInputs()
    {
        object? before = null;
        object? inside = null;
        object? after = null;
        var host = await StartAsync(polywire =>
        {
            polywire.MapDynamicAction("act", inputs => inputs.Optional("known"), (context, _) =>
            {
                inside = string.Join(',', context.Params.Names);
                return Task.CompletedTask;
            });
            Use(polywire, 1, async (context, next) =>
            {
                before = context.Params["stranger"];
                await next(context);
                after = string.Join(',', context.Params.Names);
            });
        });

        await host.RunAsync<JsonElement>("act", new { known = 1, stranger = 2 });

        before.ShouldBe(2L);
        inside.ShouldBe("known,action,apiVersion");
        after.ShouldBe("known,action,apiVersion");
    }

    [Fact]
    public async Task MayChangeAnInputBeforeItIsBound()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("act", (Named input) => new Done(input.Name));
            Use(polywire, 1, (context, next) =>
            {
                context.Params["name"] = $"{context.Params["name"]}!";
                return next(context);
            });
        });

        (await host.RunAsync<Done>("act", new { name = "bob" })).What.ShouldBe("bob!");
    }

    [Fact]
    public async Task MayTakeAnInputAway()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("act", (Named input) => new Done(input.Name));
            Use(polywire, 1, (context, next) =>
            {
                context.Params.Remove("name");
                return next(context);
            });
        });

        var error = await host.RunAsync<Done>("act", new { name = "bob" }).ShouldThrowAsync<ActionException>();

        error.Status.ShouldBe(ActionStatus.MissingParams);
    }

    [Fact]
    public async Task UseMiddlewareMakesOneForEachRunFromItsScope()
    {
        var host = await StartAsync(
            polywire =>
            {
                polywire.UseMiddleware<Counting>().MapAction<Empty, Done>("act", Run);
            },
            options => options.ConfigureServices(services => services.AddSingleton(_steps)));

        await host.RunAsync<Done>("act");
        await host.RunAsync<Done>("act");

        _steps.ShouldBe(["made", "before", "run", "disposed", "made", "before", "run", "disposed"]);
    }

    [Fact]
    public async Task UseMiddlewareLeavesARegistrationOfTheApplicationAlone()
    {
        var host = await StartAsync(
            polywire => polywire.UseMiddleware<Counting>(order: 5).MapAction<Empty, Done>("act", Run),
            options => options.ConfigureServices(services => services.AddSingleton(_steps).AddSingleton<Counting>()));

        await host.RunAsync<Done>("act");
        await host.RunAsync<Done>("act");

        _steps.ShouldBe(["made", "before", "run", "before", "run"]);
    }

    private Done Run(Empty input)
    {
        _steps.Add("run");
        return new Done("run");
    }

    private static void Use(IPolywireBuilder polywire, int order, Func<ActionContext, ActionDelegate, ValueTask> run) =>
        polywire.Services.AddSingleton(new MiddlewareRegistration(order, _ => new LambdaMiddleware(run)));

    private void Use(IPolywireBuilder polywire, int order, string name) => Use(polywire, order, Around(name));

    private static void Own(ActionBuilder action, params Func<ActionContext, ActionDelegate, ValueTask>[] steps) =>
        action.Action.Middleware = [.. steps.Select(step => (Func<IServiceProvider, IActionMiddleware>)(_ => new LambdaMiddleware(step)))];

    private Func<ActionContext, ActionDelegate, ValueTask> Around(string name) =>
        async (context, next) =>
        {
            _steps.Add($"{name}>");
            try
            {
                await next(context);
            }
            finally
            {
                _steps.Add($"<{name}");
            }
        };

    private sealed record Named(string Name);

    private sealed class Counting : IActionMiddleware, IDisposable
    {
        private readonly List<string> _steps;

        public Counting(List<string> steps)
        {
            _steps = steps;
            _steps.Add("made");
        }

        public void Dispose() => _steps.Add("disposed");

        public ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
        {
            _steps.Add("before");
            return next(context);
        }
    }
}
