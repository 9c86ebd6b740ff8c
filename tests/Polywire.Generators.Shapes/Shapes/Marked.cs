using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Shapes.Support;

#pragma warning disable X1, X2, CS0612, CS0618, OLD1 // The application's own use; generated files are not reached by this.

namespace Shapes.Marked;

[Action("experimental input"), Given("""{"a":1,"b":{"x":2}}""", "A=1 B=(X=2)")]
public class ExperimentalInput : Shape<ExperimentalInput.In> { [Experimental("X1")] public record In(int A, Inner B); [Experimental("X2")] public record Inner(int X); }

[Experimental("X1"), Action("experimental action"), Given("""{"a":1}""", "A=1")]
public class ExperimentalAction : Shape<ExperimentalAction.In> { public record In(int A); }

[Action("experimental member"), Given("""{"a":1,"b":2,"c":"two"}""", "A=1 B=2 C=Two"), Given("{}", "A=0 B=0 C=One")]
public class ExperimentalMember : Shape<ExperimentalMember.In> { public enum E { One, [Experimental("X1")] Two } public class In { [Experimental("X1")] public int A { get; set; } [Experimental("X2")] public int B { get; init; } public E C { get; set; } } }

[Action("experimental constructor"), Given("""{"a":1}""", "A=1")]
public class ExperimentalConstructor : Shape<ExperimentalConstructor.In> { [method: Experimental("X1")] public class In(int a) { public int A { get; } = a; } }

[Action("experimental middleware"), Use<Around>, Before, Given("{}", "")]
public class ExperimentalMiddleware : Shape<ExperimentalMiddleware.In>
{
    public record In;
    [Experimental("X1")] public class Around : IActionMiddleware { public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) => next(context); }
}

[Experimental("X2")] public class BeforeAttribute : Attribute;

[Action("experimental formatter"), Given("""{"a":"x"}""", "A=X")]
public class ExperimentalFormatter : Shape<ExperimentalFormatter.In>
{
    [Experimental("X1")] public class Upper : IInputFormatter<string>, IInputValidator<string> { public static string Format(string value) => value.ToUpperInvariant(); public static string? Validate(string value, string name) => null; }
    public record In([property: Format<Upper>, Validate<Upper>] string A);
}

[Action("experimental answer"), Refused("""{"a":1}""", "told")]
public class ExperimentalAnswer : IAction<ExperimentalAnswer.In, ExperimentalAnswer.Out> { public record In(int A); [Experimental("X1")] public class Out { } ValueTask<Out> IAction<In, Out>.RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => throw new ActionException("told"); }

[Action("obsolete input"), Given("""{"a":1,"b":{"x":2}}""", "A=1 B=(X=2)")]
public class ObsoleteInput : Shape<ObsoleteInput.In> { [Obsolete("old")] public record In(int A, Inner B); [Obsolete("old", DiagnosticId = "OLD1")] public record Inner(int X); }

[Obsolete("old", DiagnosticId = "OLD1"), Action("obsolete action"), Given("""{"a":1}""", "A=1")]
public class ObsoleteAction : Shape<ObsoleteAction.In> { public record In(int A); }

[Action("obsolete member"), Given("""{"a":1,"b":2,"c":"two"}""", "A=1 B=2 C=Two")]
public class ObsoleteMember : Shape<ObsoleteMember.In> { public enum E { One, [Obsolete("no", true)] Two } public class In { [Obsolete("old", DiagnosticId = "OLD1")] public int A { get; set; } [Obsolete("no", true)] public int B { get; init; } public E C { get; set; } } }

[Action("obsolete constructor"), Given("""{"a":1}""", "A=1")]
public class ObsoleteConstructor : Shape<ObsoleteConstructor.In> { [method: Obsolete("no", true)] public class In(int a) { public int A { get; } = a; } }

[Action("obsolete and experimental"), Given("""{"a":1}""", "A=1")]
public class Both : Shape<Both.In> { [Obsolete("old", DiagnosticId = "OLD1"), Experimental("X1")] public record In(int A); }

[Action("preview features"), Given("""{"a":1}""", "A=1")]
public class Preview : Shape<Preview.In> { [RequiresPreviewFeatures] public record In(int A); }

[Action("needs what cannot be trimmed"), Given("""{"a":1}""", "A=1")]
public class Unreferenced : Shape<Unreferenced.In> { [method: RequiresUnreferencedCode("r")] public class In(int a) { public int A { get; } = a; } }

[Action("hidden from editors"), EditorBrowsable(EditorBrowsableState.Never), DebuggerDisplay("{A}"), Given("""{"a":1}""", "A=1")]
public class HiddenFromEditors : Shape<HiddenFromEditors.In> { public record In([property: Browsable(false)] int A); }
