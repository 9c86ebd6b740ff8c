using Microsoft.Extensions.DependencyInjection;

namespace Polywire.AspNetCore.Tests.Http.Answers;

/// <summary>An action for each kind of answer.</summary>
internal static class AnswerActions
{
    public static void Map(IPolywireBuilder polywire)
    {
        polywire.MapAction<Nothing, int[]>("list", _ => [1, 2, 3]);
        polywire.MapAction<Nothing, int[]>("emptyList", _ => []);
        polywire.MapAction<Nothing, string>("word", _ => "just <text>");
        polywire.MapAction<Nothing, double>("number", _ => 1.5);
        polywire.MapAction<Nothing, bool>("truth", _ => true);
        polywire.MapAction<Nothing, ActionResult>("text", _ => ActionResult.Text("hällo"));
        polywire.MapAction<Nothing, ActionResult>("bytes", _ => ActionResult.Bytes(new byte[] { 1, 2 }, "image/x-thing"));
        polywire.MapAction<Nothing, ActionResult>("stream", _ => ActionResult.Stream(new MemoryStream("streamed"u8.ToArray())));
        polywire.MapAction<Nothing, ActionResult>("endless", _ => ActionResult.Stream(new ForwardStream("unknown length"u8.ToArray()), "text/plain"));
        polywire.MapAction<Nothing, ActionResult>("none", _ => ActionResult.None);
        polywire.MapAction<Nothing, ActionResult>("noContent", _ => ActionResult.NoContent);
        polywire.MapAction<Nothing, Nothing>("nothingTyped", _ => default(Nothing)!);
        polywire.MapAction<Nothing, string>("wordAsCsv", (_, context) =>
        {
            context.Http!.SetHeader("Content-Type", "text/csv");
            return "just <text>";
        });
        polywire.MapAction<Nothing, object>("typedError", _ => new { error = "typed", ok = true });
        Dynamic("empty", _ => { });
        Dynamic("silent", context => context.ToRender = false);
        Dynamic("failedList", context =>
        {
            context.Result = new[] { 1 };
            throw new ActionException("after all");
        });
        Dynamic("ownError", context => context.Response["error"] = new { error = "broken", reason = "stuff" });
        Dynamic("nullError", context => context.Response["error"] = null);
        Dynamic("falseError", context => context.Response["error"] = false);
        Dynamic("ownErrorAndThrow", context =>
        {
            context.Response["error"] = "mine";
            throw new ActionException("thrown");
        });
        Dynamic("nullErrorAndThrow", context =>
        {
            context.Response["error"] = null;
            throw new ActionException("thrown");
        });
        Dynamic("statusAndError", context =>
        {
            context.Http!.StatusCode = 402;
            throw new ActionException("pay first");
        });
        Dynamic("codeError", _ => throw new ActionException("no") { Value = new { code = 418 } });
        Dynamic("absurdCode", _ => throw new ActionException("no") { Value = new { code = 99999 } });
        Dynamic("status204", context => context.Http!.StatusCode = 204);
        Dynamic("names", context =>
        {
            foreach (var name in (string[])["serverInformation", "own", "requesterInformation"])
            {
                context.Response[name] = "mine";
            }
        });
        Dynamic("headers", context =>
        {
            var http = context.Http!;
            http.SetHeader("X-Thing", "A");
            http.SetHeader("x-thing", "B");
            http.SetHeader("X-Powered-By", "me");
            http.SetHeader("Cache-Control", "no-store");
            http.SetCookie("a", "1");
            http.SetCookie("b", "2", "Path=/");
        });
        Dynamic("ownSession", context =>
        {
            context.Http!.SetCookie("sessionID", "mine", "HttpOnly");
            context.Http.SetCookie("sessionID", "other");
        });
        polywire.MapDynamicAction("needs", inputs => inputs.Required("a"), (_, _) => Task.CompletedTask);
        polywire.MapDynamicAction("setHeader", inputs => inputs.Required("name"), (context, _) =>
        {
            try
            {
                context.Http!.SetHeader(context.Params.GetText("name")!, "5");
            }
            catch (ArgumentException refusal)
            {
                context.Response["refused"] = refusal.Message;
            }

            return Task.CompletedTask;
        });

        void Dynamic(string name, Action<ActionContext> run) => polywire.MapDynamicAction(name, _ => { }, (context, _) =>
        {
            run(context);
            return Task.CompletedTask;
        });
    }

    internal sealed record Nothing;

    /// <summary>A stream that knows no length.</summary>
    internal sealed class ForwardStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }
}
