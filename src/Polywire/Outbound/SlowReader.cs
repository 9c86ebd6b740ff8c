namespace Polywire;

/// <summary>What becomes of a member that reads more slowly than its room speaks.</summary>
/// <remarks>Immutable. Nobody who speaks ever waits for a reader, whatever the policy.</remarks>
public sealed class SlowReader
{
    private readonly string _name;

    private SlowReader(string name) => _name = name;

    /// <summary>
    /// The connection is cut off when more waits for it than <see cref="PolywireOptions.MaxQueueLength"/> bytes or
    /// <see cref="PolywireOptions.MaxQueueMessages"/> messages; what waited is dropped. The default, and the only policy yet.
    /// </summary>
    public static SlowReader Disconnect { get; } = new(nameof(Disconnect));

    /// <summary>The name of the policy.</summary>
    public override string ToString() => _name;
}
