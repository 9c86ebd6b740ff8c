using Microsoft.Extensions.DependencyInjection;

namespace Polywire;

/// <summary>The builder that <c>AddPolywire</c> returns; what is added to Polywire are extension methods of it. The order of calls does not matter.</summary>
public interface IPolywireBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}
