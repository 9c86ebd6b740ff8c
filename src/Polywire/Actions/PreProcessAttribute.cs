using Polywire.Actions;

namespace Polywire;

/// <summary>Runs a pre-processor before one action, after the global ones; several run in the order they are written.</summary>
/// <typeparam name="TProcessor">Resolved from the run's services; the host does not start where they have none.</typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PreProcessAttribute<TProcessor> : Attribute, IUsesMiddleware
    where TProcessor : class, IPreProcessor
{
    Type IUsesMiddleware.MiddlewareType => typeof(TProcessor);
}
