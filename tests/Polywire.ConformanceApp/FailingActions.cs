namespace Polywire.ConformanceApp;

internal sealed record Nothing;

internal sealed record Okay(bool Ok = true);

/// <summary>Fails with a text.</summary>
[Action("throwString")]
internal sealed class ThrowString : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        throw new ActionException("a string error");
}

/// <summary>Fails with an error.</summary>
[Action("throwError")]
internal sealed class ThrowError : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        throw new ActionException("an error");
}

/// <summary>Fails with an object that has a message, which is what clients get of it.</summary>
[Action("throwObject")]
internal sealed class ThrowObject : IAction<Nothing, Okay>
{
    public ValueTask<Okay> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        throw new ActionException { Value = new Thrown(42, "an object") };

    internal sealed record Thrown(int Code, string Message);
}
