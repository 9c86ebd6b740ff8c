using System.Globalization;

namespace Polywire.ConformanceApp;

/// <summary>Actions whose inputs are of any type, or that show the untyped form.</summary>
internal static class UntypedActions
{
    private static readonly string[] EchoInputs =
        ["a", "b", "c", "key", "value", "payload", "term", "limit", "offset", "userID", "id", "path"];

    public static void Map(WebApplication app)
    {
        app.MapDynamicAction("echo", inputs => Array.ForEach(EchoInputs, name => inputs.Optional(name)), Echo)
            .WithDescription("Answers what it was sent").MatchExtensionMimeType(false);

        app.MapDynamicAction(
            "typed",
            inputs => inputs
                .Optional("n", format: ToInteger, defaultValue: 7)
                .Optional("flag", value => value is "true" or "1" or true or 1L)
                .Nested("nested", nested => nested
                    .Required("x", value => Convert.ToString(value, CultureInfo.InvariantCulture))
                    .Optional("y", value => Convert.ToDouble(value, CultureInfo.InvariantCulture))),
            (context, _) =>
            {
                context.Response["n"] = context.Params["n"];
                if (context.Params.Contains("flag"))
                {
                    context.Response["flag"] = context.Params["flag"];
                }

                context.Response["nested"] = context.Params["nested"];
                return Task.CompletedTask;
            }).WithDescription("Converts its inputs").MatchExtensionMimeType(false);

        app.MapDynamicAction("responseError", _ => { }, (context, _) =>
        {
            context.Response["error"] = new Dictionary<string, object?> { ["error"] = "broken", ["reason"] = "stuff" };
            return Task.CompletedTask;
        }).WithDescription("Puts an error into its response").MatchExtensionMimeType(false);

        app.MapDynamicAction("needsA", inputs => inputs.Required("a"), (context, _) =>
        {
            context.Response["a"] = context.Params["a"];
            return Task.CompletedTask;
        }).WithDescription("Wants a").MatchExtensionMimeType(false);
    }

    private static Task Echo(ActionContext context, CancellationToken cancellationToken)
    {
        context.Response["params"] = context.Params.ToDictionary(pair => pair.Key, pair => pair.Value);
        context.Response["matchedRoute"] = context.Http?.MatchedRoute?.Path;
        context.Response["method"] = context.Http?.Method;
        context.Response["type"] = context.Connection.Type;
        return Task.CompletedTask;
    }

    private static int ToInteger(object? value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);
}
