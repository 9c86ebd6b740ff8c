using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Polywire.Binding;

namespace Polywire;

/// <summary>What a client has to know of an action: name, version, and how input and answer are written as JSON.</summary>
/// <remarks>Made by generated code; see <see cref="ActionContractAttribute"/>. Safe to use concurrently.</remarks>
/// <typeparam name="TOutput">What the action answers.</typeparam>
public sealed class ActionContract<TOutput>
{
    private readonly Type _inputType;
    private readonly IJsonTypeInfoResolver? _json;

    /// <summary>Makes one; generated code calls this.</summary>
    /// <param name="name">The name by which clients call the action.</param>
    /// <param name="version">The version that clients ask for.</param>
    /// <param name="inputType">What clients send.</param>
    /// <param name="json">The metadata of the contract's project; <see langword="null"/> where it has none, and reflection is asked.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ActionContract(string name, ActionVersion version, Type inputType, IJsonTypeInfoResolver? json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(inputType);
        (Name, Version, _inputType, _json) = (name, version, inputType, json);
    }

    /// <summary>The name by which clients call the action.</summary>
    public string Name { get; }

    /// <summary>The version that clients ask for.</summary>
    public ActionVersion Version { get; }

    /// <summary>The metadata of the input: camel case, compact.</summary>
    /// <exception cref="NotSupportedException">No context of the contract's project covers the type, and JSON reflection is off.</exception>
    public JsonTypeInfo InputInfo => ContractJson.InfoOf(_inputType, _json);

    /// <summary>
    /// The metadata of the answer. What is missing although the type needs it, or is <see langword="null"/> where it may not be, fails to be read.
    /// </summary>
    /// <exception cref="NotSupportedException">No context of the contract's project covers the type, and JSON reflection is off.</exception>
    public JsonTypeInfo<TOutput> OutputInfo => ContractJson.InfoOf<TOutput>(_json);
}
