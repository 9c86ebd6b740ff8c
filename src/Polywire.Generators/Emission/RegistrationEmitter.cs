using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes the method that adds all actions to an application.</summary>
internal static class RegistrationEmitter
{
    public static string Emit(RegistrationModel registration, string actionsName, IReadOnlyList<ActionModel> actions, ContentMark mark)
    {
        var code = new CodeWriter();
        FileHeader.Write(code);
        code.Line("namespace Microsoft.Extensions.DependencyInjection;");
        code.Blank();
        code.Line("/// <summary>Adds the actions of this assembly.</summary>");
        code.Line(FileHeader.Attribute);
        code.Open($"{registration.Access} static class {registration.ClassName}");
        code.Line("// Differs whenever the actions do. They were read when the application started, and hot reload can change no constant: it restarts.");
        code.Line($"private const string RestartsHotReload = {Literals.Text(mark.ToString())};");
        code.Blank();
        code.Line("/// <summary>Adds every action of this assembly, and the middleware that they use.</summary>");
        code.Open($"public static {Api.Builder} {Literals.Identifier(registration.MethodName)}(this {Api.Builder} builder)");
        if (actions.Count > 0)
        {
            code.Line($"global::Polywire.Generated.{actionsName}.AddMiddleware(builder.Services);");
        }

        foreach (var action in actions)
        {
            var made = $"global::Polywire.Generated.{actionsName}.{ActionsEmitter.MethodName(actionsName, action)}()";
            code.Line($"{Api.BuilderMethods}.AddAction(builder, {made});");
        }

        code.Line("return builder;");
        code.Close();
        code.Close();
        return code.ToString();
    }
}
