using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Polywire.Generators.Parsing;

/// <summary>What can be seen of a constructor: which members it may give a value, and where its parameters go.</summary>
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

            if (Body(context, current) is { } body && body.DescendantNodes().Any(node =>
                node is InvocationExpressionSyntax or ThisExpressionSyntax
                || (node is IdentifierNameSyntax name && name.Identifier.ValueText == property.Name)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what is given for a parameter ends in a member that clients may not set.</summary>
    public static bool ReachesIgnored(ParseContext context, IMethodSymbol constructor, IParameterSymbol parameter)
    {
        var type = constructor.ContainingType;
        var ignored = type.GetMembers()
            .Where(member => member is IPropertySymbol or IFieldSymbol && JsonAttributes.IsIgnored(member))
            .ToList();
        if (ignored.Exists(member => string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        var syntax = Syntax(context, constructor);
        if (syntax is TypeDeclarationSyntax && ignored.Exists(member => member.DeclaringSyntaxReferences.Any(reference =>
            Mentions(reference.GetSyntax(context.CancellationToken), parameter.Name))))
        {
            return true;
        }

        if (Body(context, constructor) is { } body
            && body.DescendantNodesAndSelf().OfType<AssignmentExpressionSyntax>().SelectMany(Pairs).Any(pair =>
                Mentions(pair.Value, parameter.Name) && ignored.Exists(member => Mentions(pair.Target, member.Name))))
        {
            return true;
        }

        if (Initializer(syntax) is not { ArgumentList: { } list } || Next(context, constructor) is not { } next)
        {
            return false;
        }

        for (var i = 0; i < list.Arguments.Count; i++)
        {
            var argument = list.Arguments[i];
            var target = argument.NameColon is { } named
                ? next.Parameters.FirstOrDefault(own => own.Name == named.Name.Identifier.ValueText)
                : next.Parameters.ElementAtOrDefault(i);
            if (target is not null && Mentions(argument.Expression, parameter.Name) && ReachesIgnored(context, next, target))
            {
                return true;
            }
        }

        return false;
    }

    // The constructor that runs before a constructor's own body.
    private static IMethodSymbol? Next(ParseContext context, IMethodSymbol constructor)
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

    private static (ArgumentListSyntax? ArgumentList, SyntaxNode? Node) Initializer(SyntaxNode? syntax) =>
        syntax switch
        {
            ConstructorDeclarationSyntax { Initializer: { } initializer } => (initializer.ArgumentList, initializer),
            TypeDeclarationSyntax { BaseList: { } bases }
                when bases.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } primary =>
                (primary.ArgumentList, primary),
            _ => default,
        };

    private static SyntaxNode? Syntax(ParseContext context, IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences
            .Where(reference => context.Compilation.ContainsSyntaxTree(reference.SyntaxTree))
            .Select(reference => reference.GetSyntax(context.CancellationToken))
            .FirstOrDefault(node => node is TypeDeclarationSyntax
                or ConstructorDeclarationSyntax { Body: not null }
                or ConstructorDeclarationSyntax { ExpressionBody: not null });

    private static SyntaxNode? Body(ParseContext context, IMethodSymbol constructor) =>
        Syntax(context, constructor) is ConstructorDeclarationSyntax syntax
            ? (SyntaxNode?)syntax.Body ?? syntax.ExpressionBody?.Expression
            : null;

    private static IEnumerable<(ExpressionSyntax Target, ExpressionSyntax Value)> Pairs(AssignmentExpressionSyntax assignment)
    {
        if (assignment is { Left: TupleExpressionSyntax targets, Right: TupleExpressionSyntax values }
            && targets.Arguments.Count == values.Arguments.Count)
        {
            return targets.Arguments.Zip(values.Arguments, (target, value) => (target.Expression, value.Expression));
        }

        return [(assignment.Left, assignment.Right)];
    }

    private static bool Mentions(SyntaxNode node, string name) =>
        node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(identifier => identifier.Identifier.ValueText == name);
}
