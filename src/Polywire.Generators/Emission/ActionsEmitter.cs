using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes the descriptors of all actions.</summary>
internal static class ActionsEmitter
{
    public static string Emit(string className, string inputsName, IReadOnlyList<ActionModel> actions)
    {
        var code = new CodeWriter();
        FileHeader.Write(code);
        code.Line("namespace Polywire.Generated;");
        code.Blank();
        code.Line("/// <summary>The descriptors of this assembly's actions.</summary>");
        code.Line(FileHeader.Attribute);
        FileHeader.WriteMarks(code, actions.Any(action => action.IsExperimental));
        var isMarked = actions.Any(action => action.IsObsolete);
        code.Open($"internal static class {className}");
        for (var i = 0; i < actions.Count; i++)
        {
            if (i > 0)
            {
                code.Blank();
            }

            FileHeader.WriteMark(code, isMarked);
            Emit(code, className, inputsName, actions[i]);
        }

        EmitServices(code, actions, isMarked);

        code.Close();
        return code.ToString();
    }

    /// <summary>The method that makes an action's descriptor.</summary>
    public static string MethodName(string className, ActionModel action) =>
        action.Identifier == className ? action.Identifier + "_" : Literals.Identifier(action.Identifier);

    // Here, where experimental middleware may be named, and not where the application calls.
    private static void EmitServices(CodeWriter code, IReadOnlyList<ActionModel> actions, bool isMarked)
    {
        code.Blank();
        code.Line("/// <summary>Adds the middleware that the actions use.</summary>");
        FileHeader.WriteMark(code, isMarked);
        code.Open($"internal static void AddMiddleware({Api.ServiceCollection} services)");
        foreach (var type in actions.SelectMany(action => action.Middleware)
            .Where(middleware => middleware.IsMade)
            .Select(middleware => middleware.Type)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(type => type, StringComparer.Ordinal))
        {
            code.Line($"{Api.TryAdd}TryAddScoped<{type}>(services);");
        }

        code.Close();
    }

    private static void Emit(CodeWriter code, string className, string inputsName, ActionModel action)
    {
        var type = $"{Api.ActionDescriptor}<{action.InputType}, {action.OutputType}>";
        code.Line($"/// <summary><c>{Escape(action.Name)}</c>, version {Escape(action.VersionKey)}.</summary>");
        code.Line($"internal static {type} {MethodName(className, action)}() =>");
        code.Indent();
        code.Line("new(");
        code.Indent();
        code.Line($"{Literals.Text(action.Name)},");
        code.Line($"{action.Version},");
        code.Line($"static context => {action.Creation},");
        code.Line($"global::Polywire.Generated.{inputsName}.Bind_{action.Input})");
        code.Outdent();
        code.Line("{");
        code.Indent();
        code.Line($"Inputs = global::Polywire.Generated.{inputsName}.{action.Input},");
        if (action.Records.Any(record => record.Key == action.Input && BinderEmitter.HasAsks(record)))
        {
            code.Line($"Validate = global::Polywire.Generated.{inputsName}.Ask_{action.Input},");
        }

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
                    ? $"static _ => {Api.PreProcessorStep}.Of<{middleware.Type}>()"
                    : $"static services => {Api.Services}GetRequiredService<{middleware.Type}>(services)"));
        EmitList(
            code,
            "PostProcessors",
            action.Middleware.Where(middleware => middleware.Kind == MiddlewareKind.After)
                .Select(middleware => $"static services => {Api.Services}GetRequiredService<{middleware.Type}>(services)"));
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
        new(text.Replace("&", "&amp;").Replace("<", "&lt;").Select(c => IsLineEnd(c) ? ' ' : c).ToArray());

    private static bool IsLineEnd(char c) => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029';
}
