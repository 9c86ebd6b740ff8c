using System.Text.Json.Serialization.Metadata;

namespace Polywire.Json;

/// <summary>What <c>AddJsonContext</c> collects.</summary>
internal sealed class PolywireJsonOptions
{
    /// <summary>The application's contexts, first come first asked.</summary>
    public IList<IJsonTypeInfoResolver> Resolvers { get; } = [];
}
