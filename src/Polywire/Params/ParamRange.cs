namespace Polywire.Params;

/// <summary>Where a value stands among the bytes of a <see cref="ParamSet"/>.</summary>
internal readonly record struct ParamRange(int Start, int Length, ParamKind Kind);
