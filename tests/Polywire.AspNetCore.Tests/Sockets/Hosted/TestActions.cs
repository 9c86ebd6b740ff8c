using Microsoft.Extensions.DependencyInjection;
using Polywire.Binding;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>The actions of the tests.</summary>
internal static class TestActions
{
    private static readonly AsyncLocal<string?> Flow = new();

    public static void Map(IPolywireBuilder builder, SocketHost host)
    {
        builder.MapAction<Nothing, Number>("randomNumber", _ => new Number(0.5));
        builder.AddAction(new ActionDescriptor<Nothing, Number>("handmade", new ActionVersion(1), static _ => new Handmade(), NoInput));
        builder.MapAction<Nothing, Number>("versioned", _ => new Number(1)).WithVersion(1);
        builder.MapAction<Nothing, Number>("versioned", _ => new Number(2)).WithVersion(2);
        builder.MapAction<Nothing, Number>("webOnly", _ => new Number(3)).BlockTransport(Transports.Socket);
        builder.MapAction<Nothing, Number>("socketOnly", _ => new Number(4)).BlockTransport(Transports.Web);
        builder.MapAction<Nothing, Number>("throwError", (_, _) => throw new ActionException("an error"));
        builder.MapAction<Nothing, Number>("throwValue", (_, _) => throw new ActionException("unused") { Value = new { code = 42 } });
        builder.MapAction<Nothing, Number>("throwUnexpected", (_, _) => throw new InvalidOperationException("secret words"));
        builder.MapAction<FileName, ActionResult>("sendFile", input => ActionResult.File(input.Name));
        builder.MapAction<Nothing, ActionResult>("long", _ => ActionResult.Text(new string('x', 100_000)));
        builder.MapAction<Nothing, ActionResult>("setsItsFlow", _ =>
        {
            Flow.Value = "left behind";
            return ActionResult.Text("set");
        });
        builder.MapAction<Nothing, ActionResult>("tellsItsFlow", _ => ActionResult.Text(Flow.Value ?? "nothing"));
        builder.MapAction<Nothing, ActionResult>("text", _ => ActionResult.Text("hello"));
        builder.MapAction<Nothing, string[]>("list", _ => ["a", "b"]);
        builder.MapDynamicAction("echo", Anything, (context, _) =>
        {
            context.Response["params"] = context.Params.ToDictionary(StringComparer.Ordinal);
            context.Response["type"] = context.Connection.Type;
            return Task.CompletedTask;
        });
        builder.MapDynamicAction("needsA", inputs => inputs.Required("a"), Answer("a"));
        builder.MapDynamicAction("pair", inputs => inputs.Required("key").Required("value"), Answer("key", "value"));
        builder.MapDynamicAction(
            "upper", inputs => inputs.Required("string", validate: value => (value as string)?.ToUpperInvariant() == value as string ? null : ""), Answer("string"));
        builder.MapDynamicAction("worded", inputs => inputs.Required("string", validate: _ => "not like that"), Answer("string"));
        builder.MapDynamicAction("nested", inputs => inputs.Nested("nested", inner => inner.Required("x").Optional("y")), Answer("nested"));
        builder.MapDynamicAction("names", _ => { }, (context, _) =>
        {
            foreach (var name in (string[])["context", "messageId", "messageCount", "own"])
            {
                context.Response[name] = "mine";
            }

            return Task.CompletedTask;
        });
        MapRuns(builder, host);
        MapConnections(builder);
    }

    private static void MapRuns(IPolywireBuilder builder, SocketHost host)
    {
        builder.MapDynamicAction("wait", inputs => inputs.Required("gate").Optional("deaf"), async (context, cancellationToken) =>
        {
            var name = context.Params.GetText("gate")!;
            await (context.Params.Contains("deaf") ? host.Gate(name).PassDeafAsync() : host.Gate(name).PassAsync(cancellationToken));
            context.Response["gate"] = name;
        });
        builder.MapDynamicAction("sendFileLater", inputs => inputs.Required("gate").Required("name"), async (context, cancellationToken) =>
        {
            await host.Gate(context.Params.GetText("gate")!).PassAsync(cancellationToken);
            context.Result = ActionResult.File(context.Params.GetText("name")!);
        });
        builder.MapDynamicAction("silent", _ => { }, (context, _) =>
        {
            context.ToRender = false;
            return Task.CompletedTask;
        });
        builder.MapDynamicAction("badCallback", inputs => inputs.Required("gate"), async (context, cancellationToken) =>
        {
            cancellationToken.Register(static () => throw new InvalidOperationException("thrown by a callback of a token"));
            await host.Gate(context.Params.GetText("gate")!).PassDeafAsync();
        });
    }

    private static void MapConnections(IPolywireBuilder builder)
    {
        builder.MapDynamicAction("join", inputs => inputs.Required("room"), async (context, cancellationToken) =>
            await context.Services.GetRequiredService<IRooms>().AddAsync(context.Connection, context.Params.GetText("room")!, cancellationToken));
        builder.MapDynamicAction("push", inputs => inputs.Required("message"), async (context, cancellationToken) =>
        {
            await context.Connection.SendAsync(
                new Dictionary<string, object?> { ["message"] = context.Params["message"], ["context"] = "alert" }, cancellationToken);
            context.Response["ok"] = true;
        });
        builder.MapDynamicAction("kick", inputs => inputs.Optional("id"), async (context, _) =>
        {
            var id = context.Params.GetText("id");
            var victim = id is null ? context.Connection : context.Services.GetRequiredService<IConnections>().Find(id);
            await (victim?.CloseAsync() ?? default);
            context.Response["kicked"] = victim is not null;
        });
        builder.MapDynamicAction("sayTo", inputs => inputs.Required("room").Required("message"), async (context, cancellationToken) =>
        {
            await context.Services.GetRequiredService<IRooms>()
                .SayAsync(context.Params.GetText("room")!, context.Params["message"], cancellationToken);
            context.Response["sent"] = true;
        });
    }

    private static void Anything(DynamicInputs inputs)
    {
        foreach (var name in (string[])["a", "b", "c", "key", "value", "payload", "__proto__", "constructor", "toString"])
        {
            inputs.Optional(name);
        }
    }

    private static Func<ActionContext, CancellationToken, Task> Answer(params string[] names) =>
        (context, _) =>
        {
            foreach (var name in names)
            {
                context.Response[name] = context.Params[name];
            }

            return Task.CompletedTask;
        };

    private static Nothing NoInput(ref InputReader reader) => new();

    internal sealed record Nothing;

    internal sealed record Number(double Value);

    internal sealed record FileName(string Name);

    private sealed class Handmade : IAction<Nothing, Number>
    {
        public ValueTask<Number> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(new Number(7));
    }
}
