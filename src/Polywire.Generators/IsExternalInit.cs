namespace System.Runtime.CompilerServices;

/// <summary>Lets records be written for a framework that has no such type.</summary>
internal static class IsExternalInit;
