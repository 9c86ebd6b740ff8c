using System.Diagnostics.CodeAnalysis;

namespace Polywire.Doors;

/// <summary>The request that the running code belongs to: a message that it pushes without a <c>context</c> is matched to it (websocket.md 10.1).</summary>
/// <remarks>Follows the run through its awaits, and ends when the run is answered: code that goes on after that belongs to no request.</remarks>
[Experimental("PWX0001")]
public sealed class RequestScope
{
    private static readonly AsyncLocal<RequestScope?> Current = new();

    private readonly Connection _connection;
    private readonly MessageIds _ids;
    private bool _ended;

    private RequestScope(Connection connection, in MessageIds ids) => (_connection, _ids) = (connection, ids);

    /// <summary>Makes a request the current one of this flow.</summary>
    internal static RequestScope Enter(Connection connection, in MessageIds ids) => Current.Value = new RequestScope(connection, ids);

    /// <summary>Goes back to no request; what the run has started keeps it.</summary>
    internal static void Leave() => Current.Value = null;

    /// <summary>Gets the ids of the request that the caller belongs to.</summary>
    /// <param name="connection">The connection that the request has to be of.</param>
    /// <param name="ids">Shared; to be released.</param>
    /// <returns>False where the caller is no part of a request of this connection.</returns>
    public static bool TryShareIds(Connection connection, out MessageIds ids)
    {
        ids = default;
        if (Current.Value is not { } scope || !ReferenceEquals(scope._connection, connection))
        {
            return false;
        }

        lock (scope)
        {
            if (scope._ended)
            {
                return false;
            }

            ids = scope._ids.Share();
            return true;
        }
    }

    /// <summary>The ids are about to be released.</summary>
    internal void End()
    {
        lock (this)
        {
            _ended = true;
        }
    }
}
