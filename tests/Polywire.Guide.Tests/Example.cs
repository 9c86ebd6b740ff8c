using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Polywire.Guide.Tests;

/// <summary>A block of C# taken apart: its usings, its statements, its types.</summary>
internal sealed class Example
{
    // What an attribute at the end of a block stands on.
    private const string Attributed =
        "public sealed class Attributed : Polywire.IAction<Attributed.In, string> { public sealed record In; public System.Threading.Tasks.ValueTask<string> RunAsync(In input, Polywire.ActionContext context, System.Threading.CancellationToken cancellationToken) => new(\"\"); }";

    private readonly CompilationUnitSyntax _root;

    public Example(GuideBlock block)
    {
        Block = block;
        _root = Parse(block.Text);
        if (_root.Members.LastOrDefault() is IncompleteMemberSyntax { AttributeLists.Count: > 0 })
        {
            _root = Parse($"{block.Text}\n{Attributed}");
        }
    }

    public GuideBlock Block { get; }

    public IEnumerable<string> Usings => _root.Usings.Select(directive => directive.ToString());

    public IEnumerable<MemberDeclarationSyntax> Types => _root.Members.Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    /// <summary>The types that begin here; not the further parts of one that a page shows in pieces.</summary>
    public IEnumerable<string> TypeNames => Types.Where(type => !IsPart(type)).Select(NameOf);

    public IReadOnlySet<string> Words => WordsOf(_root);

    /// <summary>Whether it is a further part of a type that another block begins: partial, and nothing about the type but its members.</summary>
    public static bool IsPart(MemberDeclarationSyntax type) =>
        type is TypeDeclarationSyntax { BaseList: null, ParameterList: null, AttributeLists.Count: 0 } part && part.Modifiers.Any(SyntaxKind.PartialKeyword);

    public static string NameOf(MemberDeclarationSyntax type) =>
        type is BaseTypeDeclarationSyntax named ? named.Identifier.Text : ((DelegateDeclarationSyntax)type).Identifier.Text;

    public static IReadOnlySet<string> WordsOf(SyntaxNode node) =>
        node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.Text).ToHashSet(StringComparer.Ordinal);

    /// <summary>A source file: the types as they stand, the statements in a method. Lines are those of the page.</summary>
    /// <param name="usings">Directives of blocks before this one.</param>
    public string ToSource(IEnumerable<string> usings)
    {
        var text = new StringBuilder();
        foreach (var directive in usings.Concat(Usings).Distinct())
        {
            text.AppendLine(directive);
        }

        var statements = _root.Members.OfType<GlobalStatementSyntax>().ToArray();
        if (statements.Length > 0)
        {
            var answers = statements.SelectMany(statement => statement.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
                .Any(node => node is ReturnStatementSyntax { Expression: not null });
            text.AppendLine($"internal static class TheExample {{ internal static async System.Threading.Tasks.Task{(answers ? "<object>" : "")} RunAsync() {{");
            foreach (var statement in statements)
            {
                Append(text, statement);
            }

            text.AppendLine("\n#line hidden\nawait System.Threading.Tasks.Task.CompletedTask; " + (answers ? "return new object();" : "") + "}}");
        }

        // What the parser could not place is kept where it reads as a mistake.
        foreach (var member in _root.Members.Where(member => member is not GlobalStatementSyntax))
        {
            Append(text, member);
        }

        return text.ToString();
    }

    public string TypeSource(MemberDeclarationSyntax type)
    {
        var text = new StringBuilder();
        Append(text, type);
        return text.ToString();
    }

    private static CompilationUnitSyntax Parse(string text) => SyntaxFactory.ParseCompilationUnit(text, options: ExampleCompiler.ParseOptions);

    private void Append(StringBuilder text, SyntaxNode node)
    {
        var line = node.SyntaxTree.GetLineSpan(node.FullSpan).StartLinePosition.Line + Block.Line;
        text.AppendLine().AppendLine($"#line {line} \"{Block.File}\"").Append(node.ToFullString()).AppendLine();
    }
}
