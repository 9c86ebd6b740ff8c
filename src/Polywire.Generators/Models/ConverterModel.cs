namespace Polywire.Generators.Models;

/// <summary>A method that makes a value of a type that the library has no method for.</summary>
/// <param name="Name">The method's name; equal for equal types.</param>
/// <param name="Type">What it makes, fully qualified.</param>
/// <param name="Body">Its statements, a line each.</param>
internal sealed record ConverterModel(string Name, string Type, EquatableArray<string> Body);
