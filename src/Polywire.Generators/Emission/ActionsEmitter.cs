using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes the descriptors of all actions.</summary>
internal static class ActionsEmitter
{
    public static string Emit(string className, string inputsName, IReadOnlyList<ActionModel> actions)
    {
        var code = new CodeWriter();
        FileHeader.Write(
            code, "System", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Logging", "Polywire");
        code.Line("namespace Polywire.Generated;");
        code.Blank();
        code.Line("/// <summary>The descriptors of this assembly's actions.</summary>");
        code.Line(FileHeader.Attribute);
        code.Open($"internal static class {className}");
        for (var i = 0; i < actions.Count; i++)
        {
            if (i > 0)
            {
                code.Blank();
            }

            Emit(code, inputsName, actions[i]);
        }

        code.Close();
        return code.ToString();
    }

    private static void Emit(CodeWriter code, string inputsName, ActionModel action)
    {
        var type = $"ActionDescriptor<{action.InputType}, {action.OutputType}>";
        code.Line($"/// <summary><c>{Escape(action.Name)}</c>, version {Escape(action.VersionKey)}.</summary>");
        code.Line($"internal static {type} {action.Identifier}() =>");
        code.Indent();
        code.Line("new(");
        code.Indent();
        code.Line($"{Literals.Text(action.Name)},");
        code.Line($"{action.Version},");
        code.Line($"static context => {action.Creation},");
        code.Line($"{inputsName}.Bind_{action.Input})");
        code.Outdent();
        code.Line("{");
        code.Indent();
        code.Line($"Inputs = {inputsName}.{action.Input},");
        foreach (var property in action.Properties)
        {
            code.Line(property + ",");
        }

        EmitList(code, "Metadata", action.Metadata);
        EmitList(
            code,
            "Middleware",
            action.Middleware.Where(middleware => middleware.Kind != MiddlewareKind.After).Select(middleware =>
                middleware.Kind == MiddlewareKind.Before
                    ? $"static _ => PreProcessorStep.Of<{middleware.Type}>()"
                    : $"static services => services.GetRequiredService<{middleware.Type}>()"));
        EmitList(
            code,
            "PostProcessors",
            action.Middleware.Where(middleware => middleware.Kind == MiddlewareKind.After)
                .Select(middleware => $"static services => services.GetRequiredService<{middleware.Type}>()"));
        code.Outdent();
        code.Line("};");
        code.Outdent();
    }

    private static void EmitList(CodeWriter code, string property, IEnumerable<string> elements)
    {
        if (!elements.Any())
        {
            return;
        }

        code.Line($"{property} =");
        code.Line("[");
        code.Indent();
        foreach (var element in elements)
        {
            code.Line(element + ",");
        }

        code.Outdent();
        code.Line("],");
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace("\r", " ").Replace("\n", " ");
}
