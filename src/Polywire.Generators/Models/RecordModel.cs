namespace Polywire.Generators.Models;

/// <summary>A type that is made from inputs.</summary>
/// <param name="Key">Its name as part of an identifier; equal for equal types.</param>
/// <param name="Type">Fully qualified.</param>
/// <param name="Members">Those that can be sent, in the order they are declared.</param>
internal sealed record RecordModel(string Key, string Type, EquatableArray<MemberModel> Members)
{
    /// <summary>Whether the constructor has parameters that cannot be sent, so that arguments are named.</summary>
    public bool NamesArguments { get; init; }

    /// <summary>Arguments for parameters that cannot be sent and have no default.</summary>
    public EquatableArray<string> FixedArguments { get; init; }
}
