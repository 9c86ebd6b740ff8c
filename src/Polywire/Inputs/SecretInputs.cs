namespace Polywire.Inputs;

/// <summary>What is secret in any action: for params of which nobody knows whose they are.</summary>
internal static class SecretInputs
{
    /// <summary>The secret inputs of all actions, and those that have some within; names that several actions have are one.</summary>
    public static IReadOnlyList<InputDescriptor> Of(IEnumerable<ActionDescriptor> actions) => Merge(actions.SelectMany(action => action.Inputs));

    private static InputDescriptor[] Merge(IEnumerable<InputDescriptor> inputs) =>
    [
        .. inputs.GroupBy(input => input.Name, StringComparer.Ordinal)
            .Select(same => new InputDescriptor(same.Key)
            {
                Secret = same.Any(input => input.Secret),
                Members = Merge(same.SelectMany(input => input.Members)),
            })
            .Where(input => input.Secret || input.Members.Count > 0),
    ];
}
