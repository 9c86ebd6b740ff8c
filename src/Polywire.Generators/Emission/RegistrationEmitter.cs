using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes the method that adds all actions to an application.</summary>
internal static class RegistrationEmitter
{
    public static string Emit(RegistrationModel registration, string actionsName, IReadOnlyList<ActionModel> actions)
    {
        var code = new CodeWriter();
        string[] usings = ["Microsoft.Extensions.DependencyInjection.Extensions", "Polywire"];
        FileHeader.Write(code, actions.Count > 0 ? [.. usings, "Polywire.Generated"] : usings);
        code.Line("namespace Microsoft.Extensions.DependencyInjection;");
        code.Blank();
        code.Line("/// <summary>Adds the actions of this assembly.</summary>");
        code.Line(FileHeader.Attribute);
        code.Open($"{registration.Access} static class {registration.ClassName}");
        code.Line("/// <summary>Adds every action of this assembly, and the middleware that they use.</summary>");
        code.Open($"public static IPolywireBuilder {registration.MethodName}(this IPolywireBuilder builder)");
        foreach (var type in actions.SelectMany(action => action.Middleware)
            .Where(middleware => middleware.IsMade)
            .Select(middleware => middleware.Type)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(type => type, StringComparer.Ordinal))
        {
            code.Line($"builder.Services.TryAddScoped<{type}>();");
        }

        foreach (var action in actions)
        {
            code.Line($"builder.AddAction({actionsName}.{action.Identifier}());");
        }

        code.Line("return builder;");
        code.Close();
        code.Close();
        return code.ToString();
    }
}
