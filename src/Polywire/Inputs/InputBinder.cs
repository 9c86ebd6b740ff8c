namespace Polywire.Binding;

/// <summary>Makes an input record from raw params; generated, one for each record.</summary>
/// <param name="reader">Finds and converts values, and collects what is missing or wrong.</param>
/// <returns>The record; its content counts only if the reader collected nothing.</returns>
public delegate T InputBinder<T>(ref InputReader reader);
