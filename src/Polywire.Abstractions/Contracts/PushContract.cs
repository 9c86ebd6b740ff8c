using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Polywire.Binding;

namespace Polywire;

/// <summary>What a client has to know of a push: its context, and how its messages are written as JSON.</summary>
/// <remarks>Made by generated code; see <see cref="PushContractAttribute"/>. Safe to use concurrently.</remarks>
/// <typeparam name="TMessage">What is sent.</typeparam>
public sealed class PushContract<TMessage>
{
    private readonly IJsonTypeInfoResolver? _json;

    /// <summary>Makes one; generated code calls this.</summary>
    /// <param name="context">The <c>context</c> of the message on the wire.</param>
    /// <param name="json">The metadata of the contract's project; <see langword="null"/> where it has none, and reflection is asked.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public PushContract(string context, IJsonTypeInfoResolver? json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(context);
        (Context, _json) = (context, json);
    }

    /// <summary>The <c>context</c> of the message on the wire.</summary>
    public string Context { get; }

    /// <summary>The metadata of a message: camel case, compact.</summary>
    /// <exception cref="NotSupportedException">No context of the contract's project covers the type, and JSON reflection is off.</exception>
    public JsonTypeInfo<TMessage> MessageInfo => ContractJson.InfoOf<TMessage>(_json);
}
