using Microsoft.Extensions.DependencyInjection;
using Polywire.Doors;
using Polywire.Params;
using Polywire.Testing;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Actions;

/// <summary>Actions from delegates: what is read off the input type, and how params become its members.</summary>
public class DelegateActionTests : HostTest
{
    [Theory]
    [InlineData("""{"name":"bob"}""", "bob 1 none False")]
    [InlineData("""{"name":"bob","count":7,"note":"hi","flag":true}""", "bob 7 hi True")]
    [InlineData("""{"name":"bob","count":"7"}""", "bob 7 none False")]
    [InlineData("""{"name":7}""", "7 1 none False")]
    [InlineData("""{"name":true}""", "true 1 none False")]
    [InlineData("""{"name":"b\u00f6b\n"}""", "böb\n 1 none False")]
    [InlineData("""{"name":"bob","note":null}""", "bob 1 null False")]
    [InlineData("""{"name":"bob","note":""}""", "bob 1  False")]
    [InlineData("""{"name":"bob","stranger":[1]}""", "bob 1 none False")]
    public async Task BindsParamsToTheMembers(string parameters, string expected)
    {
        var client = await ConnectAsync();

        (await RunAsync(client, parameters)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{}", "name is a required parameter for this action", ActionStatus.MissingParams)]
    [InlineData("""{"name":null}""", "name is a required parameter for this action", ActionStatus.MissingParams)]
    [InlineData("""{"name":""}""", "name is a required parameter for this action", ActionStatus.MissingParams)]
    [InlineData("""{"count":[1]}""", "name is a required parameter for this action", ActionStatus.MissingParams)]
    [InlineData("""{"name":"bob","count":"seven"}""", "Input for parameter \"count\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","count":7.5}""", "Input for parameter \"count\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","count":99999999999}""", "Input for parameter \"count\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","flag":"perhaps"}""", "Input for parameter \"flag\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":{"a":1}}""", "Input for parameter \"name\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":[1]}""", "Input for parameter \"name\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","when":"whenever"}""", "Input for parameter \"when\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","inner":{"x":"y"}}""", "Input for parameter \"inner.x\" failed validation!", ActionStatus.ValidatorErrors)]
    [InlineData("""{"name":"bob","list":5}""", "Input for parameter \"list\" failed validation!", ActionStatus.ValidatorErrors)]
    public async Task RefusesWhatDoesNotFit(string parameters, string text, ActionStatus status)
    {
        var client = await ConnectAsync();

        var error = await Should.ThrowAsync<ActionException>(() => RunAsync(client, parameters));

        (error.Message, error.Status).ShouldBe((text, status));
    }

    [Theory]
    [InlineData("count", "7", "bob 7 none False")]
    [InlineData("count", "", "bob 1 none False")]
    [InlineData("flag", "1", "bob 1 none True")]
    [InlineData("flag", "true", "bob 1 none True")]
    [InlineData("flag", "0", "bob 1 none False")]
    [InlineData("note", "7", "bob 1 7 False")]
    [InlineData("inner", """{"x":5}""", "bob 1 none False 5")]
    [InlineData("list", "[1,2]", "bob 1 none False 1+2")]
    [InlineData("list", "3", "bob 1 none False 3")]
    [InlineData("when", "2030-01-02T03:04:05Z", "bob 1 none False 2030")]
    public async Task I21_TextsAreCoerced(string name, string text, string expected)
    {
        var client = await ConnectAsync();
        var set = Act.Set("""{"action":"bind","name":"bob"}""");
        set.Set(System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(text), ParamKind.Text);

        (await RunAsync(client, set)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("flag", "yes")]
    [InlineData("inner", "no object")]
    [InlineData("inner", "{broken")]
    [InlineData("list", "[1,")]
    [InlineData("count", "1x")]
    public async Task I21_ATextThatDoesNotConvertIsRefused(string name, string text)
    {
        var client = await ConnectAsync();
        var set = Act.Set("""{"action":"bind","name":"bob"}""");
        set.Set(System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(text), ParamKind.Text);

        var error = await Should.ThrowAsync<ActionException>(() => RunAsync(client, set));

        (error.Message, error.Status).ShouldBe(($"Input for parameter \"{name}\" failed validation!", ActionStatus.ValidatorErrors));
    }

    [Fact]
    public async Task ANestedObjectWithOneNameTwiceTakesTheLast()
    {
        var client = await ConnectAsync();

        (await RunAsync(client, """{"name":"bob","inner":{"x":1,"x":2}}""")).ShouldBe("bob 1 none False 2");
    }

    [Theory]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"name":"bob","note":"\udc00x"}""")]
    public async Task HalfASurrogatePairIsNoFaultOfOurs(string parameters)
    {
        var client = await ConnectAsync();

        var answer = await Record.ExceptionAsync(() => RunAsync(client, parameters));

        (answer is null or ActionException { Status: ActionStatus.ValidatorErrors }).ShouldBeTrue(answer?.ToString());
    }

    [Fact]
    public async Task DescribesTheInputs()
    {
        var host = await StartAsync(polywire => polywire.MapAction("bind", (Input input) => new Done(input.Name)));

        var inputs = host.Services.GetService(typeof(IActions)).ShouldBeAssignableTo<IActions>()!.All.Single().Inputs;

        inputs.Select(input => $"{input.Name}:{input.Type}:{input.Required}:{input.Default}").ShouldBe(
        [
            "name:string:True:", "count:integer:False:1", "note:string:False:none", "flag:boolean:False:False",
            "inner:object:False:", "list:array:False:", "when:string:False:",
        ]);
    }

    [Fact]
    public async Task AnInputThatIsNoObjectStopsTheStart()
    {
        var error = await PolywireTestHost.StartAsync(polywire => polywire.MapAction("bad", (int number) => new Done($"{number}")))
            .ShouldThrowAsync<InvalidOperationException>();

        error.Message.ShouldContain("bad v1");
        error.Message.ShouldContain("System.Int32");
    }

    [Fact]
    public async Task EveryFormOfDelegateRuns()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("one", (Empty _) => new Done("one"));
            polywire.MapAction("two", (Empty _, ActionContext context) => new Done(context.Action.Name));
            polywire.MapAction("three", async (Empty _, ActionContext context, CancellationToken token) =>
            {
                await Task.Yield();
                return new Done($"three {token.CanBeCanceled}");
            });
            polywire.MapAction("four", async (Empty _) =>
            {
                await Task.Yield();
                return new Done("four");
            });
            polywire.MapAction("five", async (Empty _, ActionContext context) =>
            {
                await Task.Yield();
                return new Done(context.Action.Name);
            });
        });

        (await host.RunAsync<Done>("one")).What.ShouldBe("one");
        (await host.RunAsync<Done>("two")).What.ShouldBe("two");
        (await host.RunAsync<Done>("three")).What.ShouldBe("three True");
        (await host.RunAsync<Done>("four")).What.ShouldBe("four");
        (await host.RunAsync<Done>("five")).What.ShouldBe("five");
    }

    [Fact]
    public async Task AValueTaskIsAwaited()
    {
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("one", (Empty _) => LaterAsync("one"));
            polywire.MapAction("two", (Empty _, ActionContext context) => LaterAsync(context.Action.Name));
            polywire.MapAction("three", (Empty _, ActionContext _, CancellationToken token) => LaterAsync($"three {token.CanBeCanceled}"));
            polywire.MapAction("at once", (Empty _) => new ValueTask<Done>(new Done("at once")));
            Func<Empty, ValueTask<Done>> named = _ => LaterAsync("named");
            polywire.MapAction("named", named);
        });

        (await host.RunAsync<Done>("one")).What.ShouldBe("one");
        (await host.RunAsync<Done>("two")).What.ShouldBe("two");
        (await host.RunAsync<Done>("three")).What.ShouldBe("three True");
        (await host.RunAsync<Done>("at once")).What.ShouldBe("at once");
        (await host.RunAsync<Done>("named")).What.ShouldBe("named");
    }

    [Fact]
    public async Task ADelegateThatAnswersNothingIsAwaited()
    {
        var ran = new List<string>();
        var host = await StartAsync(polywire =>
        {
            polywire.MapAction("lambda", async (Empty _) =>
            {
                await Task.Yield();
                ran.Add("lambda");
            });
            polywire.MapAction("task", (Empty _, ActionContext context) => NoteAsync(context.Action.Name));
            polywire.MapAction("task with a token", (Empty _, ActionContext context, CancellationToken _) => NoteAsync(context.Action.Name));
            polywire.MapAction("value", (Empty _) => new ValueTask(NoteAsync("value")));
            polywire.MapAction("value with a context", (Empty _, ActionContext context) => new ValueTask(NoteAsync(context.Action.Name)));
            polywire.MapAction("value with a token", (Empty _, ActionContext context, CancellationToken _) => new ValueTask(NoteAsync(context.Action.Name)));
            polywire.MapAction("at once", (Empty _) =>
            {
                ran.Add("at once");
                return default(ValueTask);
            });
            polywire.MapAction("fails", async (Empty _) =>
            {
                await Task.Yield();
                throw new ActionException("no");
            });
        });
        string[] names = ["lambda", "task", "task with a token", "value", "value with a context", "value with a token", "at once"];

        foreach (var name in names)
        {
            (await host.RunAsync<Done?>(name)).ShouldBeNull();
        }

        ran.ShouldBe(names);
        (await host.RunAsync<Done>("fails").ShouldThrowAsync<ActionException>()).Message.ShouldBe("no");

        async Task NoteAsync(string name)
        {
            await Task.Yield();
            ran.Add(name);
        }
    }

    [Fact]
    public async Task ATaskIsNoAnswer()
    {
        await StartAsync(polywire =>
        {
            Should.Throw<ArgumentException>(() => polywire.MapAction<Empty, ValueTask<Done>>("a", _ => LaterAsync(""))).Message.ShouldContain("Action a");
            Should.Throw<ArgumentException>(() => polywire.MapAction<Empty, ValueTask>("b", _ => ValueTask.CompletedTask));
            Should.Throw<ArgumentException>(() => polywire.MapAction<Empty, Task<Done>>("c", _ => LaterAsync("").AsTask()));
            Should.Throw<ArgumentException>(() => polywire.MapAction<Empty, Task>("d", _ => Task.CompletedTask));
        });
    }

    [Fact]
    public async Task ABuilderSaysMoreOfAnAction()
    {
        var metadata = new object();
        var host = await StartAsync(polywire => polywire.MapAction("act", (Empty _) => new Done(""))
            .WithDescription("Does it")
            .WithVersion(3)
            .WithMetadata(metadata)
            .WithOutputExample(new Done("example"))
            .Undocumented());

        var action = host.Services.GetService(typeof(IActions)).ShouldBeAssignableTo<IActions>()!.All.Single();

        action.Description.ShouldBe("Does it");
        action.Version.ShouldBe(new ActionVersion(3));
        action.Metadata.ShouldBe([metadata]);
        action.OutputExample.ShouldBe(new Done("example"));
        action.Documented.ShouldBeFalse();
    }

    private static async ValueTask<Done> LaterAsync(string what)
    {
        await Task.Yield();
        return new Done(what);
    }

    private async Task<TestConnection> ConnectAsync()
    {
        var host = await StartAsync(polywire => polywire.MapAction("bind", (Input input) => new Done(
            $"{input.Name} {input.Count} {input.Note ?? "null"} {input.Flag}"
            + (input.Inner is null ? "" : $" {input.Inner.X}")
            + (input.List is null ? "" : $" {string.Join('+', input.List)}")
            + (input.When is null ? "" : $" {input.When.Value.Year}"))));
        return await host.ConnectAsync();
    }

    private static async Task<string> RunAsync(TestConnection client, string parameters)
    {
        var set = Act.Set(parameters);
        set.Set("action"u8, "bind"u8, ParamKind.Text);
        return await RunAsync(client, set);
    }

    private static async Task<string> RunAsync(TestConnection client, ParamSet set)
    {
        var context = Polywire.Pipeline.ActionContextPool.Rent();
        context.Params.Attach(set);
        var processor = ((InProcessConnection)client.Connection).Services.Processor;
        var response = await processor.ProcessAsync(client.Connection, context);
        var (error, result) = (response.Error, response.Result);
        await processor.EndAsync(response);
        return error is null ? ((Done)result!).What : throw new ActionException(error.Message, error.Exception) { Status = error.Status };
    }

    private sealed record Input(
        string Name, int Count = 1, string? Note = "none", bool Flag = false, Inner? Inner = null, int[]? List = null, DateTimeOffset? When = null);

    private sealed record Inner(int X);
}
