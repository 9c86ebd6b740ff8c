namespace Polywire.Generators.Models;

/// <summary>What a contract is of.</summary>
internal enum ContractKind
{
    Action,
    Room,
    Push,
}
