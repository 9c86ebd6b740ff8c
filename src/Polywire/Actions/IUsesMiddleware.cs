namespace Polywire.Actions;

/// <summary>An attribute that puts a middleware around an action, as the start looks at it.</summary>
internal interface IUsesMiddleware
{
    /// <summary>What the run's services are asked for.</summary>
    Type MiddlewareType { get; }
}
