namespace Polywire.Actions;

/// <summary>A post-processor that runs after every action.</summary>
/// <param name="Order">Ascending; equal ones in the order they were registered.</param>
/// <param name="Resolve">Asks the run's services for it.</param>
internal sealed record PostProcessorRegistration(int Order, Func<IServiceProvider, IPostProcessor> Resolve);
