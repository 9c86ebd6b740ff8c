using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Polywire.Generators.Parsing;

/// <summary>Follows what is given for a parameter of a constructor to members that clients may not set.</summary>
/// <remarks>
/// By names, so that it sees too much rather than too little: over locals, members that nobody outside sees, conditions, and methods of the type
/// that are called. What a public member of its own takes is followed no further.
/// </remarks>
internal sealed class IgnoredFlow
{
    private readonly ParseContext _context;
    private readonly List<ISymbol> _ignored = [];
    private readonly HashSet<string> _ends = new(StringComparer.Ordinal);
    private readonly HashSet<string> _carriers = new(StringComparer.Ordinal);
    private readonly HashSet<(IMethodSymbol, string)> _seen = [];
    private readonly List<INamedTypeSymbol> _levels = [];

    private IgnoredFlow(ParseContext context, INamedTypeSymbol type)
    {
        _context = context;
        for (INamedTypeSymbol? level = type; level is not null && !Framework.Has(level, context.Compilation); level = level.BaseType)
        {
            _levels.Add(level);
        }

        foreach (var member in _levels.SelectMany(level => level.GetMembers()).Where(member => member is IPropertySymbol or IFieldSymbol))
        {
            if (JsonAttributes.IsIgnored(member))
            {
                _ignored.Add(member);
            }
            else if (member is IPropertySymbol { DeclaredAccessibility: Accessibility.Public })
            {
                _ends.Add(member.Name);
            }
        }

        _ends.ExceptWith(_ignored.Select(member => member.Name));
    }

    /// <summary>Whether what is given for a parameter ends in a member that clients may not set.</summary>
    public static bool Reaches(ParseContext context, IMethodSymbol constructor, IParameterSymbol parameter)
    {
        var flow = new IgnoredFlow(context, constructor.ContainingType);
        return flow._ignored.Count > 0 && flow.Follow(constructor, parameter.Name);
    }

    private bool Follow(IMethodSymbol method, string parameter)
    {
        if (!_seen.Add((method, parameter)))
        {
            return false;
        }

        var isConstructor = method.MethodKind == MethodKind.Constructor;
        if (isConstructor && _ignored.Exists(member => string.Equals(member.Name, parameter, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        var names = new HashSet<string>(_carriers, StringComparer.Ordinal) { parameter };
        var syntax = ConstructorReading.Syntax(_context, method);
        if (syntax is TypeDeclarationSyntax)
        {
            FollowInitializers(method.ContainingType, names);
        }

        var body = ConstructorReading.Body(_context, method);
        int before;
        do
        {
            before = names.Count;
            if (body is not null && FollowBody(body, names))
            {
                return true;
            }
        }
        while (names.Count > before);

        _carriers.UnionWith(names.Where(IsMember));
        var ownNames = syntax is TypeDeclarationSyntax ? names : _carriers;
        return _ignored.Exists(member => ownNames.Contains(member.Name) || member.DeclaringSyntaxReferences.Any(reference =>
                Mentions(reference.GetSyntax(_context.CancellationToken), ownNames)))
            || (isConstructor && FollowNext(method, syntax, names));
    }

    private bool IsMember(string name) =>
        _levels.Exists(level => level.GetMembers(name).Any(member => member is IFieldSymbol or IPropertySymbol));

    private void FollowInitializers(INamedTypeSymbol type, HashSet<string> names)
    {
        foreach (var member in type.GetMembers().Where(member => member is IFieldSymbol or IPropertySymbol && !_ends.Contains(member.Name)))
        {
            if (member.DeclaringSyntaxReferences.Any(reference => Mentions(reference.GetSyntax(_context.CancellationToken), names)))
            {
                names.Add(member.Name);
            }
        }
    }

    private bool FollowBody(SyntaxNode body, HashSet<string> names)
    {
        var nodes = body.DescendantNodesAndSelf().ToList();
        var decides = nodes.Exists(node => node is ReturnStatementSyntax && IsDecidedBy(node, body, names));
        foreach (var node in nodes)
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Initializer.Value: { } value } local when Mentions(value, names):
                    names.Add(local.Identifier.ValueText);
                    break;
                case AssignmentExpressionSyntax assignment:
                    foreach (var (target, value) in Pairs(assignment))
                    {
                        if (decides || Mentions(value, names) || IsDecidedBy(assignment, body, names))
                        {
                            Add(target, names);
                        }
                    }

                    break;
                case InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call
                    when arguments.Any(argument => Mentions(argument, names)) && FollowCall(call, arguments, names):
                    return true;
            }
        }

        return _ignored.Exists(member => names.Contains(member.Name));
    }

    private bool FollowCall(InvocationExpressionSyntax call, SeparatedSyntaxList<ArgumentSyntax> arguments, HashSet<string> names)
    {
        foreach (var argument in arguments.Where(argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None)))
        {
            Add(argument.Expression, names);
        }

        return Called(call) is { } called
            && _levels.Exists(level => SymbolEqualityComparer.Default.Equals(level.OriginalDefinition, called.ContainingType.OriginalDefinition))
            && FollowArguments(called, arguments, names);
    }

    private bool FollowNext(IMethodSymbol constructor, SyntaxNode? syntax, HashSet<string> names) =>
        ConstructorReading.Initializer(syntax).ArgumentList is { } list
        && ConstructorReading.Next(_context, constructor) is { } next
        && FollowArguments(next, list.Arguments, names);

    private bool FollowArguments(IMethodSymbol called, SeparatedSyntaxList<ArgumentSyntax> arguments, HashSet<string> names)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var target = arguments[i].NameColon is { } named
                ? called.Parameters.FirstOrDefault(own => own.Name == named.Name.Identifier.ValueText)
                : called.Parameters.ElementAtOrDefault(i) ?? called.Parameters.LastOrDefault(own => own.IsParams);
            if (target is not null && Mentions(arguments[i].Expression, names) && Follow(called, target.Name))
            {
                return true;
            }
        }

        return false;
    }

    private IMethodSymbol? Called(SyntaxNode call) =>
        _context.Compilation.GetSemanticModel(call.SyntaxTree).GetSymbolInfo(call, _context.CancellationToken).Symbol as IMethodSymbol;

    private void Add(ExpressionSyntax target, HashSet<string> names)
    {
        var name = target switch
        {
            IdentifierNameSyntax plain => plain.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax } member => member.Name.Identifier.ValueText,
            DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax local } => local.Identifier.ValueText,
            _ => null,
        };
        if (name is not null && !_ends.Contains(name))
        {
            names.Add(name);
        }
    }

    // Whether a condition around it asks for one of the names.
    private static bool IsDecidedBy(SyntaxNode node, SyntaxNode body, HashSet<string> names)
    {
        for (var current = node; current != body && current.Parent is { } parent; current = parent)
        {
            var condition = parent switch
            {
                IfStatementSyntax choice => choice.Condition,
                WhileStatementSyntax loop => loop.Condition,
                ForStatementSyntax loop => loop.Condition,
                ForEachStatementSyntax loop => loop.Expression,
                SwitchStatementSyntax choice => choice.Expression,
                ConditionalExpressionSyntax choice => choice.Condition,
                BinaryExpressionSyntax both => both.Left,
                _ => null,
            };
            if (condition is not null && condition != current && Mentions(condition, names))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<(ExpressionSyntax Target, ExpressionSyntax Value)> Pairs(AssignmentExpressionSyntax assignment)
    {
        if (assignment is { Left: TupleExpressionSyntax targets, Right: TupleExpressionSyntax values }
            && targets.Arguments.Count == values.Arguments.Count)
        {
            return targets.Arguments.Zip(values.Arguments, (target, value) => (target.Expression, value.Expression));
        }

        return assignment.Left is TupleExpressionSyntax all
            ? all.Arguments.Select(target => (target.Expression, assignment.Right))
            : [(assignment.Left, assignment.Right)];
    }

    private static bool Mentions(SyntaxNode node, HashSet<string> names) =>
        node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(identifier => names.Contains(identifier.Identifier.ValueText));
}
