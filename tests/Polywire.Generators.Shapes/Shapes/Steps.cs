using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Shapes.Support;

namespace Shapes.Steps;

// Formatters and validators.
public class Trim : IInputFormatter<string> { public static string Format(string value) => value.Trim(); }
public class ToLength : IInputFormatter<string, int> { public static int Format(string value) => value.Length; }
public class Twice : IInputFormatter<int> { public static int Format(int value) => value * 2; }
public class ToDay : IInputFormatter<int, DateOnly> { public static DateOnly Format(int value) => new(2020, 1, value); }
public class Money(decimal amount) { public decimal Amount => amount; }
public class ToMoney : IInputFormatter<decimal, Money> { public static Money Format(decimal value) => value < 0 ? throw new ActionException("no debts") : new Money(value); }
public class Split : IInputFormatter<string, string[]> { public static string[] Format(string value) => value.Split(','); }
public record Point(int X, int Y);
public class ToText : IInputFormatter<Point, string> { public static string Format(Point value) => $"{value.X}/{value.Y}"; }
public class NotTaken : IAsyncInputValidator<string> { public static async ValueTask<string?> ValidateAsync(string value, string name, ActionContext context) { await Task.Yield(); return value == context.Services.GetRequiredKeyedService<string>("left") ? $"{name} is taken" : null; } }
public class NotNull : IAsyncInputValidator<object> { public static ValueTask<string?> ValidateAsync(object value, string name, ActionContext context) => new(value is "no" ? $"{name}: no" : null); }

[Action("step changes type"), Given("""{"a":" abc "}""", "A=5"), Refused("{}", "a is a required parameter for this action")]
public class Changes : Shape<Changes.In> { public record In([property: Format<ToLength>] int A); }

[Action("step after step"), Given("""{"a":" abc "}""", "A=6")]
public class After : Shape<After.In> { public record In([property: Format<Trim>, Format<ToLength>, Format<Twice>] int A); }

[Action("step twice another type"), Given("""{"a":"abc"}""", "A=01/03/2020")]
public class TwiceOther : Shape<TwiceOther.In> { public record In([property: Format<ToLength>, Format<ToDay>] DateOnly A); }

[Action("step to a type that is no input"), Given("""{"a":1.5}""", "A=(Amount=1.5)"), Refused("""{"a":-1}""", "no debts"), Refused("""{"a":"x"}""", "Input for parameter \"a\" failed validation!")]
public class Other : Shape<Other.In> { public record In([property: Format<ToMoney>] Money A); }

[Action("step from a record"), Given("""{"a":{"x":1,"y":2}}""", "A=1/2"), Refused("""{"a":{"x":1}}""", "a.y is a required parameter for this action")]
public class FromRecord : Shape<FromRecord.In> { public record In([property: Format<ToText>] string A); }

[Action("step to a list"), Given("""{"a":"x,y"}""", "A=[x, y]"), Refused("{}", "a is a required parameter for this action")]
public class ToList : Shape<ToList.In> { public class In { [Format<Split>] public required string[] A { get; init; } } }

[Action("step with a default"), Given("{}", "A=7 B=9 C=null D=null"), Given("""{"a":"x","b":"xy","c":"xyz","d":"1,2"}""", "A=1 B=2 C=3 D=[1, 2]"), Given("""{"c":null,"d":null}""", "A=7 B=9 C=null D=null")]
public class Default : Shape<Default.In> { public record In([property: Format<ToLength>] int A = 7) { [Format<ToLength>] public int B { get; init; } = 9; [Format<ToLength>] public int? C { get; set; } [Format<Split>] public string[]? D { get; init; } } }

[Action("step then checks"), Given("""{"a":"x"}""", "A=1"), Refused("""{"a":"xxxx"}""", "The field a must be between 1 and 3.")]
public class Checks : Shape<Checks.In> { public record In([property: Format<ToLength>, Range(1, 3)] int A); }

[Action("step asks services"), Given("""{"a":"free"}""", "A=free"), Refused("""{"a":"the left one"}""", "a is taken"), Refused("{}", "a is a required parameter for this action")]
public class Asks : Shape<Asks.In> { public record In([property: Validate<NotTaken>] string A); }

[Action("step asks services, several"), Given("""{"a":"free"}""", "A=free B=null C=x"), Refused("""{"a":"the left one","b":"no"}""", "a is taken"), Refused("""{"a":"x","b":"no"}""", "b: no"), Refused("""{"c":"no"}""", "c: no")]
public class AsksSeveral : Shape<AsksSeveral.In> { public class In { [Validate<NotTaken>, Validate<NotNull>] public string? A { get; set; } [Validate<NotNull>] public string? B { get; init; } [Validate<NotNull>] public string C { get; set; } = "x"; } }

[Action("step asks after others"), Refused("""{"a":"no","b":9}""", "The field b must be between 1 and 3."), Refused("""{"a":"no","b":1}""", "a: no"), Refused("""{"a":"yes","b":2}""", "b is two")]
public class AsksAfter : Shape<AsksAfter.In>
{
    public record In([property: Validate<NotNull>] string A, [property: Range(1, 3)] int B) : IValidatableInput { public ValueTask<string?> ValidateAsync(ActionContext context) => new(B == 2 ? "b is two" : null); }
}
