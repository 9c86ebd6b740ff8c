namespace Polywire.Generators.Models;

/// <summary>A way to set, on an object that was made, a property that C# sets in initializers alone.</summary>
/// <param name="Name">What is declared; equal for equal properties.</param>
/// <param name="Call">What is called, with the object and the value.</param>
/// <param name="IsByReference">Whether the object is handed on by reference, being a struct.</param>
/// <param name="Declaration">The lines that declare it.</param>
internal sealed record SetterModel(string Name, string Call, bool IsByReference, EquatableArray<string> Declaration);
