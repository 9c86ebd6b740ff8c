using Xunit;

namespace Polywire.Tests.Fakes;

/// <summary>Tests of what the whole process shares: activity listeners, allocations.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
