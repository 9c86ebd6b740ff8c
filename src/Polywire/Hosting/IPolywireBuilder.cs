using Microsoft.Extensions.DependencyInjection;

namespace Polywire;

/// <summary>What <c>AddPolywire</c> gives: everything else hangs on it. The order of calls does not matter.</summary>
public interface IPolywireBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}
