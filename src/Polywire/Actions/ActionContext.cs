using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Doors;
using Polywire.Inputs;

namespace Polywire;

/// <summary>One run of one action: what user code sees besides its input.</summary>
/// <remarks>
/// Belongs to the run: do not keep it, nor hand it to work that outlives the run; it is reused. Not safe to use concurrently, but for
/// <see cref="Connection"/> and <see cref="Aborted"/>.
/// </remarks>
public sealed partial class ActionContext
{
    private ActionDescriptor? _action;
    private Connection? _connection;
    private Dictionary<string, object?>? _response;
    private ItemTable? _items;

    internal ActionContext()
    {
    }

    /// <summary>Who asks.</summary>
    public Connection Connection => _connection!;

    /// <summary>What runs: name, version, inputs, metadata.</summary>
    public ActionDescriptor Action => _action!;

    /// <summary>The raw params.</summary>
    public ActionParams Params { get; } = new();

    /// <summary>The user of the connection, or of this request where the transport knows one; never null.</summary>
    public ClaimsPrincipal User => AskedAs ?? Connection.User;

    /// <summary>The web's side of the run; <see langword="null"/> on every other transport.</summary>
    public IActionHttp? Http { get; internal set; }

    /// <summary>Fires when the client goes away, the deadline passes or the host stops hard.</summary>
    public CancellationToken Aborted => Cancellation.Token;

    /// <summary>What the action answered; middleware may replace it. <see langword="null"/> until it ran.</summary>
    public object? Result { get; set; }

    /// <summary>Keys of the answer beside those of <see cref="Result"/>; any value that serialises to JSON. The whole answer of a dynamic action.</summary>
    public IDictionary<string, object?> Response => _response ??= new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Why the run failed; <see langword="null"/> so far as it did not. Middleware may set or clear it.</summary>
    public ActionError? Error { get; set; }

    /// <summary>How the run ended so far.</summary>
    public ActionStatus Outcome => Error?.Status ?? ActionStatus.Success;

    /// <summary>Whether anything is answered; <see langword="false"/> where the answer was sent another way (core.md P-11).</summary>
    public bool ToRender { get; set; } = true;

    /// <summary>Whether the action runs; <see langword="false"/> answers without it once the inputs have been checked (core.md P-11).</summary>
    public bool ToProcess { get; set; } = true;

    /// <summary>A place for middleware to leave things for each other and for the action; what is not there is <see langword="null"/>.</summary>
    public IDictionary<object, object?> Items => _items ??= new ItemTable();

    /// <summary>The run's services; the scope is made when it is first asked for and disposed when the run ends.</summary>
    public IServiceProvider Services
    {
        get
        {
            if (Scope is null)
            {
                Scope = ScopeFactory!.CreateAsyncScope();
            }

            return Scope.Value.ServiceProvider;
        }
    }

    /// <summary>Whom a policy's own schemes have found, where that is not the connection's user.</summary>
    [Experimental("PWX0001")]
    public ClaimsPrincipal? AskedAs { get; set; }

    /// <summary>The texts of errors that clients see.</summary>
    [Experimental("PWX0001")]
    public ErrorCatalog Texts { get; internal set; } = null!;

    internal IServiceScopeFactory? ScopeFactory { get; set; }

    internal AsyncServiceScope? Scope { get; private set; }

    internal InputErrors InputErrors { get; } = new();

    internal IReadOnlyDictionary<string, object?>? Extra => _response is { Count: > 0 } ? _response : null;

    internal void Start(Connection connection, ActionDescriptor action)
    {
        _connection = connection;
        _action = action;
        Params.Resolve(action);
    }
}
