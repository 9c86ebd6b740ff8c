using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Polywire.Binding;

/// <summary>Makes a value of one type from what was sent; used by generated code.</summary>
/// <param name="reader">Knows where the value stands and takes the errors of nested records.</param>
/// <param name="value">What was sent; never null or absent.</param>
/// <param name="result">The value.</param>
/// <returns><see langword="false"/> if what was sent is no such value; it must not throw for that.</returns>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate bool InputConverter<T>(ref InputReader reader, scoped InputValue value, [MaybeNullWhen(false)] out T result);
