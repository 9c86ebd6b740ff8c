namespace Polywire.Testing;

/// <summary>Who asks, and with what, in a context that <see cref="TestActionContext"/> makes.</summary>
public sealed class TestActionContextOptions
{
    /// <summary>Who asks; a <see cref="FakeConnection"/> by default. Its user is the context's.</summary>
    public Connection Connection { get; set; } = new FakeConnection();

    /// <summary>What runs, as <see cref="ActionContext.Action"/> has it; null (default) for an action <c>test</c> without inputs.</summary>
    public ActionDescriptor? Action { get; set; }

    /// <summary>The raw params, as <see cref="ActionContext.Params"/> has them; empty by default.</summary>
    public IDictionary<string, object?> Params { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>The run's services; null (default) for none. Not disposed.</summary>
    public IServiceProvider? Services { get; set; }

    /// <summary>The web's side of the run; null by default, as on every other door.</summary>
    public IActionHttp? Http { get; set; }

    /// <summary>What <see cref="ActionContext.Aborted"/> fires with; never by default.</summary>
    public CancellationToken Aborted { get; set; }
}
