using Microsoft.Extensions.DependencyInjection;

namespace Polywire.Hosting;

/// <inheritdoc cref="IPolywireBuilder"/>
internal sealed class PolywireBuilder(IServiceCollection services) : IPolywireBuilder
{
    public IServiceCollection Services { get; } = services;
}
