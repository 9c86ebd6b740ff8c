namespace Polywire.ConformanceApp;

/// <summary>Sets headers, cookies and the status.</summary>
[Action("setHeaders")]
internal sealed class SetHeaders : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken)
    {
        if (context.Http is { } http)
        {
            http.SetHeader("X-Test", "yes");
            http.SetCookie("a", "1");
            http.SetCookie("b", "2");
            http.StatusCode = 418;
        }

        return new ValueTask<Okay>(new Okay());
    }
}

/// <summary>Takes the content type from the path's extension.</summary>
[Action("extension")]
internal sealed class Extension : IAction<Extension.Input, Okay>
{
    public sealed record Input(string? Id);

    public ValueTask<Okay> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Okay());
}

/// <summary>Answers plain text.</summary>
[Action("rawText")]
internal sealed class RawText : IAction<Nothing, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(ActionResult.Text("hello", "text/plain"));
}

/// <summary>Sends a file.</summary>
[Action("sendFileAction")]
internal sealed class SendFile : IAction<Nothing, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(ActionResult.File("simple.html"));
}

/// <summary>For the web alone.</summary>
[Action("webOnly"), BlockTransport(Transports.Socket | Transports.WebSocket)]
internal sealed class WebOnly : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(new Okay());
}

/// <summary>For everything but the web.</summary>
[Action("socketOnly"), BlockTransport(Transports.Web)]
internal sealed class SocketOnly : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(new Okay());
}

/// <summary>Sets the status and fails.</summary>
[Action("statusError")]
internal sealed class StatusError : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken)
    {
        if (context.Http is { } http)
        {
            http.StatusCode = 402;
        }

        throw new ActionException("pay first");
    }
}

/// <summary>Answers a list.</summary>
[Action("arrayResponse")]
internal sealed class ArrayResponse : IAction<Nothing, int[]>
{
    public ValueTask<int[]> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new([1, 2, 3]);
}

/// <summary>Answers a list, by another name.</summary>
[Action("listAnswer")]
internal sealed class ListAnswer : IAction<Nothing, int[]>
{
    public ValueTask<int[]> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new([1, 2, 3]);
}

/// <summary>Answers a text.</summary>
[Action("stringResponse")]
internal sealed class StringResponse : IAction<Nothing, string>
{
    public ValueTask<string> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new("just text");
}

/// <summary>Sets one header twice, and some of the server's own.</summary>
[Action("headerTwice")]
internal sealed class HeaderTwice : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken)
    {
        if (context.Http is { } http)
        {
            http.SetHeader("X-Thing", "A");
            http.SetHeader("x-thing", "B");
            http.SetHeader("X-Powered-By", "me");
            http.SetHeader("Cache-Control", "no-store");
        }

        return new ValueTask<Okay>(new Okay());
    }
}
