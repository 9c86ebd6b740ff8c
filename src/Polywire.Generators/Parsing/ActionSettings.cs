using System.Globalization;
using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>What is set on an action's descriptor besides its name: by <c>[Action]</c>, by other attributes, by its contract.</summary>
internal static class ActionSettings
{
    public static (List<string> Properties, List<string> Metadata, List<MiddlewareModel> Middleware) Of(
        ParseContext context, INamedTypeSymbol type, AttributeData action, SharedContract? shared)
    {
        var properties = new List<string>();
        var metadata = new List<string>();
        var middleware = new List<MiddlewareModel>();
        var description = Named(action, "Description") as string
            ?? (shared is null ? null
                : Named(shared.Attribute, "Description") as string ?? DocumentationText.Summary(shared.Type, context.CancellationToken))
            ?? DocumentationText.Summary(type, context.CancellationToken);
        if (description is not null)
        {
            properties.Add($"Description = {Literals.Text(description)}");
        }

        if (Named(action, "Documented") as bool? == false)
        {
            properties.Add("Documented = false");
        }

        foreach (var attribute in AttributeText.Of(type).Concat(shared?.Routes ?? []))
        {
            var kind = attribute.AttributeClass!;
            var argument = attribute.ConstructorArguments.FirstOrDefault();
            switch (Names.Full(kind))
            {
                case "Polywire.AllowTransportAttribute":
                    properties.Add($"AllowedTransports = {Literals.Of(argument.Type, argument.Value)}");
                    break;
                case "Polywire.BlockTransportAttribute":
                    properties.Add($"BlockedTransports = {Literals.Of(argument.Type, argument.Value)}");
                    break;
                case "Polywire.LogAsAttribute":
                    properties.Add($"LogLevel = {Literals.Of(argument.Type, argument.Value)}");
                    break;
                case "Polywire.TimeoutAttribute":
                    if (!TryTimeout(argument.Value as string, out var timeout))
                    {
                        context.Report(Diagnostics.WrongTimeout, attribute, argument.Value as string ?? "null");
                        continue;
                    }

                    properties.Add($"Timeout = {timeout}");
                    break;
                case "Polywire.UseAttribute`1":
                    middleware.Add(Middleware(kind.TypeArguments[0], MiddlewareKind.Around));
                    break;
                case "Polywire.PreProcessAttribute`1":
                    middleware.Add(Middleware(kind.TypeArguments[0], MiddlewareKind.Before));
                    break;
                case "Polywire.PostProcessAttribute`1":
                    middleware.Add(Middleware(kind.TypeArguments[0], MiddlewareKind.After));
                    break;
            }

            context.Mark(attribute);
            if (AttributeText.Creation(attribute, context.Compilation) is { } creation)
            {
                metadata.Add(creation);
            }
            else
            {
                context.Report(Diagnostics.LostAttribute, attribute, kind.Name, Names.Short(type));
            }
        }

        return (properties, metadata, middleware);
    }

    private static MiddlewareModel Middleware(ITypeSymbol type, MiddlewareKind kind) =>
        new(Names.CodeWithoutNull(type), type is { TypeKind: TypeKind.Class, IsAbstract: false }, kind);

    private static bool TryTimeout(string? text, out string code)
    {
        // As Polywire reads it when the attribute is made: the framework takes "24:00:00" for 24 days otherwise.
        TimeSpan timeout = default;
        var good = text?.Count(c => c == ':') == 2
            && !text.EndsWith(".", StringComparison.Ordinal)
            && !text.Any(c => char.IsWhiteSpace(c) || c == '\0')
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out timeout)
            && timeout >= TimeSpan.Zero;
        code = timeout == TimeSpan.Zero ? Api.TimeSpan + ".Zero" : $"{Api.TimeSpan}.FromTicks({Literals.Plain(timeout.Ticks)})";
        return good;
    }

    private static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(pair => pair.Key == name).Value.Value;
}
