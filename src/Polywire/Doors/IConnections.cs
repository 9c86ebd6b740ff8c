namespace Polywire;

/// <summary>The persistent connections of this node. Safe to use concurrently.</summary>
/// <remarks>
/// Implemented by Polywire alone; members are added in minor versions. A test takes the one of <c>PolywireTestHost</c>, or a fake that is made at run time
/// and so has members that come later: of a mocking library, or one that derives from <see cref="System.Reflection.DispatchProxy"/>.
/// </remarks>
public interface IConnections
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>All of them at this moment; walking it never blocks those who come and go.</summary>
    IEnumerable<Connection> All { get; }

    /// <summary>Finds one by its id; <see langword="null"/> if this node has none of that id.</summary>
    Connection? Find(string id);
}
