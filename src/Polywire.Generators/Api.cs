namespace Polywire.Generators;

/// <summary>What generated code names; from the root, so that no name of the application stands in the way.</summary>
internal static class Api
{
    public const string ActionDescriptor = "global::Polywire.ActionDescriptor";
    public const string ActionVersion = "global::Polywire.ActionVersion";
    public const string Builder = "global::Polywire.IPolywireBuilder";
    public const string BuilderMethods = "global::Microsoft.Extensions.DependencyInjection.PolywireBuilderExtensions";
    public const string InputDescriptor = "global::Polywire.InputDescriptor";
    public const string PreProcessorStep = "global::Polywire.PreProcessorStep";
    public const string Convert = "global::Polywire.Binding.InputConvert.";
    public const string Reader = "global::Polywire.Binding.InputReader";
    public const string Rules = "global::Polywire.Binding.InputRules.";
    public const string Value = "global::Polywire.Binding.InputValue";

    public const string Services = "global::Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.";
    public const string KeyedServices = "global::Microsoft.Extensions.DependencyInjection.ServiceProviderKeyedServiceExtensions.";
    public const string ServiceCollection = "global::Microsoft.Extensions.DependencyInjection.IServiceCollection";
    public const string TryAdd =
        "global::Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions.";

    public const string Dictionary = "global::System.Collections.Generic.Dictionary";
    public const string KeyValueInterface = "global::System.Collections.Generic.IDictionary";
    public const string CollectionInterface = "global::System.Collections.Generic.ICollection";
    public const string MaybeNullWhen = "global::System.Diagnostics.CodeAnalysis.MaybeNullWhen";
    public const string Regex = "global::System.Text.RegularExpressions.Regex";
    public const string SequenceEqual = "global::System.MemoryExtensions.SequenceEqual";
    public const string TimeSpan = "global::System.TimeSpan";
    public const string UnsafeAccessor = "global::System.Runtime.CompilerServices.UnsafeAccessor";
    public const string UnsafeAccessorKind = "global::System.Runtime.CompilerServices.UnsafeAccessorKind";
}
