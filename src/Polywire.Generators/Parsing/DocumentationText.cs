using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Polywire.Generators.Parsing;

/// <summary>The words of documentation comments, without their markup.</summary>
/// <remarks>
/// Read from the comments as written: the compiler itself parses them only in projects that generate a documentation file.
/// </remarks>
internal static class DocumentationText
{
    public static string? Summary(ISymbol symbol, CancellationToken cancellationToken) =>
        Text(Parse(symbol, cancellationToken)?.Element("summary")) ?? Recorded(symbol);

    public static string? Parameter(ISymbol symbol, string name, CancellationToken cancellationToken) =>
        Text(Parse(symbol, cancellationToken)?.Elements("param").FirstOrDefault(element => element.Attribute("name")?.Value == name));

    // Comments of other projects do not reach the compiler; those of contracts were written down for it.
    private static string? Recorded(ISymbol symbol)
    {
        var (owner, member) = symbol is INamedTypeSymbol ? (symbol, "") : (symbol.ContainingType, symbol.Name);
        return owner?.GetAttributes()
            .Where(attribute => attribute.AttributeClass is { Name: "DocumentationAttribute" } kind
                && Names.Full(kind) == "Polywire.Binding.DocumentationAttribute"
                && attribute.ConstructorArguments.Length == 2
                && attribute.ConstructorArguments[0].Value as string == member)
            .Select(attribute => attribute.ConstructorArguments[1].Value as string)
            .FirstOrDefault();
    }

    private static XElement? Parse(ISymbol symbol, CancellationToken cancellationToken)
    {
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            if (Comment(reference.GetSyntax(cancellationToken)) is { } comment)
            {
                return ParseXml("<doc>" + comment + "</doc>");
            }
        }

        var xml = symbol.GetDocumentationCommentXml(cancellationToken: cancellationToken);
        return string.IsNullOrEmpty(xml) ? null : ParseXml(xml!);
    }

    private static XElement? ParseXml(string xml)
    {
        try
        {
            return XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            // The compiler warns of it where it is asked to read it.
            return null;
        }
    }

    private static string? Comment(SyntaxNode node)
    {
        if (node is not (BaseTypeDeclarationSyntax or PropertyDeclarationSyntax))
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var trivia in node.GetLeadingTrivia())
        {
            var written = trivia.ToFullString();
            if (trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
                || (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && written.StartsWith("///", StringComparison.Ordinal)))
            {
                foreach (var line in written.Split('\n'))
                {
                    var start = line.TrimStart();
                    text.Append(start.StartsWith("///", StringComparison.Ordinal) ? start.Substring(3) : start).Append('\n');
                }
            }
            else if (trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia)
                || (trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) && written.StartsWith("/**", StringComparison.Ordinal)))
            {
                foreach (var line in written.Trim().TrimStart('/').TrimEnd('/').Split('\n'))
                {
                    text.Append(line.Trim().Trim('*')).Append('\n');
                }
            }
        }

        return text.Length > 0 ? text.ToString() : null;
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var text = new StringBuilder();
        Append(text, element);
        var plain = Regex.Replace(text.ToString(), @"\s+", " ", RegexOptions.CultureInvariant).Trim();
        return plain.Length > 0 ? plain : null;
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XText words:
                    text.Append(words.Value);
                    break;
                case XElement { Name.LocalName: "para" or "br" } paragraph:
                    text.Append(' ');
                    Append(text, paragraph);
                    text.Append(' ');
                    break;
                case XElement { IsEmpty: true } reference:
                    text.Append(Referred(reference));
                    break;
                case XElement marked:
                    Append(text, marked);
                    break;
            }
        }
    }

    private static string Referred(XElement element)
    {
        var target = element.Attribute("langword")?.Value ?? element.Attribute("name")?.Value ?? element.Attribute("href")?.Value;
        if (target is not null || element.Attribute("cref")?.Value is not { } reference)
        {
            return target ?? "";
        }

        var end = reference.IndexOfAny(['(', '{', '`']);
        var name = end < 0 ? reference : reference.Substring(0, end);
        return name.Substring(name.LastIndexOfAny(['.', ':']) + 1);
    }
}
