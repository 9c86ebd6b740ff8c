using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Polywire.Generators.Models;

/// <summary>A place in a source file, without the file.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo? From(Location? location) =>
        location?.SourceTree is null
            ? null
            : new LocationInfo(location.SourceTree.FilePath, location.SourceSpan, location.GetLineSpan().Span);

    public Location ToLocation(Compilation compilation) =>
        compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == Path) is { } tree && Span.End <= tree.Length
            ? Location.Create(tree, Span)
            : Location.Create(Path, Span, Lines);
}
