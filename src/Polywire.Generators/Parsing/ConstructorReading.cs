using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Polywire.Generators.Parsing;

/// <summary>What can be seen of a constructor: which members it may give a value.</summary>
internal static class ConstructorReading
{
    /// <summary>Whether a property may have a value of the constructor's making, its own initializer aside.</summary>
    public static bool MaySet(ParseContext context, IMethodSymbol constructor, IPropertySymbol property)
    {
        // A positional member of a base record has what the derived one hands on.
        if (property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(context.CancellationToken) is ParameterSyntax))
        {
            return true;
        }

        for (IMethodSymbol? current = constructor; current is not null; current = Next(context, current))
        {
            if (Framework.Has(current.ContainingType, context.Compilation))
            {
                return false;
            }

            if (!current.IsImplicitlyDeclared && Syntax(context, current) is null)
            {
                // Of another project: its code cannot be seen.
                return true;
            }

            if (Body(context, current) is { } body && body.DescendantNodesAndSelf().Any(node =>
                node is InvocationExpressionSyntax or ThisExpressionSyntax
                || (node is IdentifierNameSyntax name && (name.Identifier.ValueText == property.Name || RunsCode(context, name)))))
            {
                return true;
            }
        }

        return false;
    }

    // A property with a setter of its own can set any other.
    private static bool RunsCode(ParseContext context, IdentifierNameSyntax name) =>
        context.Compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name, context.CancellationToken).Symbol
            is IPropertySymbol { IsStatic: false, SetMethod: { } setter }
        && setter.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(context.CancellationToken))
            .All(node => node is AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null });

    /// <summary>The constructor that runs before a constructor's own body.</summary>
    public static IMethodSymbol? Next(ParseContext context, IMethodSymbol constructor)
    {
        var syntax = Syntax(context, constructor);
        if (Initializer(syntax).Node is { } call
            && context.Compilation.GetSemanticModel(call.SyntaxTree).GetSymbolInfo(call, context.CancellationToken).Symbol
                is IMethodSymbol called)
        {
            return called;
        }

        return constructor.ContainingType is { IsReferenceType: true, BaseType: { } outer }
            ? outer.InstanceConstructors.FirstOrDefault(own => own.Parameters.Length == 0)
            : null;
    }

    /// <summary>How a constructor calls the one before it, where that is written.</summary>
    public static (ArgumentListSyntax? ArgumentList, SyntaxNode? Node) Initializer(SyntaxNode? syntax) =>
        syntax switch
        {
            ConstructorDeclarationSyntax { Initializer: { } initializer } => (initializer.ArgumentList, initializer),
            TypeDeclarationSyntax { BaseList: { } bases }
                when bases.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } primary =>
                (primary.ArgumentList, primary),
            _ => default,
        };

    /// <summary>Where a constructor or method is written, if that can be seen; a type for a primary constructor.</summary>
    public static SyntaxNode? Syntax(ParseContext context, IMethodSymbol method) =>
        method.DeclaringSyntaxReferences
            .Where(reference => context.Compilation.ContainsSyntaxTree(reference.SyntaxTree))
            .Select(reference => reference.GetSyntax(context.CancellationToken))
            .FirstOrDefault(node => node is TypeDeclarationSyntax
                or BaseMethodDeclarationSyntax { Body: not null }
                or BaseMethodDeclarationSyntax { ExpressionBody: not null });

    /// <summary>The body of a constructor or method, if that can be seen.</summary>
    public static SyntaxNode? Body(ParseContext context, IMethodSymbol method) =>
        Syntax(context, method) is BaseMethodDeclarationSyntax syntax
            ? (SyntaxNode?)syntax.Body ?? syntax.ExpressionBody?.Expression
            : null;
}
