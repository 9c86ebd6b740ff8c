using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Polywire.Binding;

namespace Polywire;

/// <summary>What a client has to know of a room: its name, and how its messages are written as JSON.</summary>
/// <remarks>Made by generated code; see <see cref="RoomContractAttribute"/>. Safe to use concurrently.</remarks>
/// <typeparam name="TMessage">What is said there.</typeparam>
public sealed class RoomContract<TMessage>
{
    private readonly IJsonTypeInfoResolver? _json;

    /// <summary>Makes one; generated code calls this.</summary>
    /// <param name="name">The room's name.</param>
    /// <param name="json">The metadata of the contract's project; <see langword="null"/> where it has none, and reflection is asked.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RoomContract(string name, IJsonTypeInfoResolver? json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, _json) = (name, json);
    }

    /// <summary>The room's name.</summary>
    public string Name { get; }

    /// <summary>The metadata of a message: camel case, compact.</summary>
    /// <exception cref="NotSupportedException">No context of the contract's project covers the type, and JSON reflection is off.</exception>
    public JsonTypeInfo<TMessage> MessageInfo => ContractJson.InfoOf<TMessage>(_json);
}
