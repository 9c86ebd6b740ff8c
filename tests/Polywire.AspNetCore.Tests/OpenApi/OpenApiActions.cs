using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;

namespace Polywire.AspNetCore.Tests.OpenApi;

/// <summary>Moves money between two accounts.</summary>
[Action("openTransfer"), Post("/accounts/{from}/transfers"), Authorize]
internal sealed class TransferAction : IAction<TransferAction.Input, TransferAction.Output>
{
    public sealed record Input
    {
        /// <summary>Who pays.</summary>
        public required string From { get; init; }

        public required string To { get; init; }

        /// <summary>How much.</summary>
        [Range(1, 1000)]
        public required int Amount { get; init; }

        public string Currency { get; init; } = "EUR";

        [Secret]
        public string? Pin { get; init; }
    }

    public sealed record Output(Guid Id, decimal Balance);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Output(Guid.Empty, 0));
}

/// <summary>Finds things.</summary>
[Action("openFind"), Get("/search/:term(^[a-z]+$)/limit/:limit")]
internal sealed class FindAction : IAction<FindAction.Input, FindAction.Node>
{
    public sealed record Input(string Term, int Limit = 10, string[]? Tags = null, Place? Near = null);

    public sealed record Place(double North, double? East);

    public sealed record Node(string Name, Node? Parent, IReadOnlyList<Node> Children, IReadOnlyDictionary<string, Node> ByName, object? Anything);

    public ValueTask<Node> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Node("n", null, [], new Dictionary<string, Node>(), null));
}

/// <summary>The first version.</summary>
[Action("openVersioned", Version = 1)]
internal sealed class VersionOneAction : IAction<VersionOneAction.Input, VersionOneAction.Output>
{
    public sealed record Input(string Both, string OnlyOne);

    public sealed record Output(string One);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Output("1"));
}

/// <summary>The second version.</summary>
[Action("openVersioned", Version = 2)]
internal sealed class VersionTwoAction : IAction<VersionTwoAction.Input, VersionTwoAction.Output>
{
    public sealed record Input(string Both, int OnlyTwo);

    public sealed record Output(string Two);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Output("2"));
}

/// <summary>Says anything.</summary>
[Action("open: odd/{x}")]
internal sealed class OddAction : IAction<OddAction.Input, ActionResult>
{
    public sealed record Input;

    public ValueTask<ActionResult> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(ActionResult.Text("odd"));
}

/// <summary>Not for the web.</summary>
[Action("openElsewhere"), AllowTransport(Transports.Socket)]
internal sealed class ElsewhereAction : IAction<OddAction.Input, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(OddAction.Input input, ActionContext context, CancellationToken cancellationToken) => new(ActionResult.None);
}
