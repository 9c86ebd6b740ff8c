namespace Polywire.Guide.Tests;

/// <summary>What stands between two fences.</summary>
/// <param name="File">Path of the page below the repository.</param>
/// <param name="Line">Number of its first line in the page.</param>
internal sealed record GuideBlock(string File, int Line, string Language, string Text)
{
    /// <summary>Whether it is a whole program, which is compiled without anything beside it.</summary>
    public bool IsProgram => Language == "csharp" && Text.Contains(".CreateBuilder(args)", StringComparison.Ordinal) && Text.Contains(".Run()", StringComparison.Ordinal);

    public override string ToString() => $"{File}:{Line}";
}
