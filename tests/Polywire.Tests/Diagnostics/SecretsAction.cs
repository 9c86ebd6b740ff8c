namespace Polywire.Tests.Diagnostics;

/// <summary>Secrets where their path is not known beforehand: under keys, and in records within themselves.</summary>
[Action("secrets")]
internal sealed class SecretsAction : IAction<SecretsAction.Input, string>
{
    public ValueTask<string> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new("done");

    internal sealed record Input
    {
        public Dictionary<string, Account>? Map { get; init; }
        public List<Dictionary<string, Account>>? Maps { get; init; }
        public Node? Node { get; init; }
        public Wrapped? Lost { get; init; }
        public Dictionary<string, string>? Plain { get; init; }
    }

    internal sealed record Account([Secret] string Pin);

    internal sealed record Node([Secret] string? Pin = null, Node? Child = null, Node[]? More = null);

    internal sealed record Wrapped(Dictionary<string, Account> Map);
}
