using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Polywire.Doors;

/// <summary>The arguments of a verb, as its door has read them: bytes where it has bytes, texts where it has texts.</summary>
/// <remarks>A verb takes what it needs before it waits for anything, so the bytes need not outlive the call.</remarks>
[Experimental("PWX0001")]
public readonly ref struct VerbArguments
{
    /// <summary>The name of a param, in UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The value of a param, in UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Whether there is a value, which may be empty; to set a param to no value is to remove it.</summary>
    public bool HasValue { get; init; }

    /// <summary>The name of a room; made of <see cref="Key"/> where the door has not said it as text.</summary>
    public string Room
    {
        get => field ?? Encoding.UTF8.GetString(Key);
        init;
    }

    /// <summary>What is said; made of <see cref="Value"/> where the door has not said it as text.</summary>
    public string Words
    {
        get => field ?? Encoding.UTF8.GetString(Value);
        init;
    }

    /// <summary>Why the door does not take these arguments, and the error of the verb then; null where it does.</summary>
    public string? Refusal { get; init; }
}
