namespace Polywire.Binding;

/// <summary>What generated binders read inputs from.</summary>
/// <remarks>Made for generated code; its members follow the generator, not the application.</remarks>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public ref struct InputReader
{
    private readonly ActionParams? _params;
    private readonly IReadOnlyList<InputDescriptor> _inputs;
    private readonly InputErrors _errors;

    internal InputReader(ActionParams parameters, IReadOnlyList<InputDescriptor> inputs, InputErrors errors)
    {
        _params = parameters;
        _inputs = inputs;
        _errors = errors;
    }
}
