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

    /// <summary>The connection that the request came over.</summary>
    public Connection Connection => _connection!;

    /// <summary>The descriptor of the action that runs: name, version, inputs, metadata.</summary>
    public ActionDescriptor Action => _action!;

    /// <summary>The params of this run: what the client sent, with the changes that middleware made.</summary>
    public ActionParams Params { get; } = new();

    /// <summary>The user of the connection, or of this request where the transport knows one; never null.</summary>
    public ClaimsPrincipal User => AskedAs ?? Connection.User;

    /// <summary>What only HTTP has: headers, cookies, the status of the answer. <see langword="null"/> on every other transport.</summary>
    public IActionHttp? Http { get; internal set; }

    /// <summary>A token that is cancelled when the client goes away, the deadline passes, or the host stops without waiting any longer.</summary>
    public CancellationToken Aborted => Cancellation.Token;

    /// <summary>The answer of the action, an <see cref="ActionResult"/> or any other value; middleware may replace it. <see langword="null"/> until the action has run.</summary>
    public object? Result { get; set; }

    /// <summary>Keys that are added to those of <see cref="Result"/>, with any values that serialise to JSON. The whole answer of an untyped action.</summary>
    public IDictionary<string, object?> Response => _response ??= new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>The error of the run; <see langword="null"/> while there is none. Middleware may set it or clear it.</summary>
    public ActionError? Error { get; set; }

    /// <summary>The status of the run as it stands now: that of <see cref="Error"/>, or <see cref="ActionStatus.Success"/>.</summary>
    public ActionStatus Outcome => Error?.Status ?? ActionStatus.Success;

    /// <summary>Whether an answer is sent, <see langword="true"/> by default; set it to <see langword="false"/> where the answer is sent another way (core.md P-11).</summary>
    public bool ToRender { get; set; } = true;

    /// <summary>Whether the action runs, <see langword="true"/> by default; with <see langword="false"/> the inputs are checked and <see cref="Response"/> is the answer (core.md P-11).</summary>
    public bool ToProcess { get; set; } = true;

    /// <summary>Values that middleware leaves for other middleware and for the action. A key that is missing gives <see langword="null"/>.</summary>
    public IDictionary<object, object?> Items => _items ??= new ItemTable();

    /// <summary>The services of the run. Their scope is made when this is first asked for, and disposed when the run has ended and its answer is written.</summary>
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

    /// <summary>The user that the authentication schemes of a policy have found; <see langword="null"/> (default) where the user of the connection counts.</summary>
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
