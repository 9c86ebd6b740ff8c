using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>A place in a room's history. Neither part says anything without the other.</summary>
/// <param name="Epoch">16 characters that name the history; <see langword="null"/> where none is kept.</param>
/// <param name="Offset">The number of the last message; 0 before the first.</param>
[Experimental("PWX0002")]
public readonly record struct RoomPosition(string? Epoch, long Offset);
