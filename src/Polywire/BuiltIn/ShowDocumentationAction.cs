using System.Text.Json;
using Polywire.Actions;

namespace Polywire.BuiltIn;

/// <summary>Tells every action: name, version, description, inputs, output example.</summary>
[Action("showDocumentation")]
internal sealed class ShowDocumentationAction(ActionRegistry registry)
    : IAction<ShowDocumentationAction.Output>
{
    public sealed record Output(JsonElement Documentation);

    public ValueTask<Output> RunAsync(ActionContext context, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(registry.Documentation);
        return new ValueTask<Output>(new Output(document.RootElement.Clone()));
    }
}
