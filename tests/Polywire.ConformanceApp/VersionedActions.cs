namespace Polywire.ConformanceApp;

internal sealed record VersionAnswer(int Version);

/// <summary>The old version.</summary>
[Action("versioned", Version = 1)]
internal sealed class VersionedOne : IAction<Nothing, VersionAnswer>
{
    public ValueTask<VersionAnswer> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(new VersionAnswer(1));
}

/// <summary>The new version.</summary>
[Action("versioned", Version = 2)]
internal sealed class VersionedTwo : IAction<Nothing, VersionAnswer>
{
    public ValueTask<VersionAnswer> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(new VersionAnswer(2));
}
