using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Shapes.Support;

namespace Shapes.Arguments;

// Arguments of attributes come back as they were written: each action shows the one that the registry has.
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class ArgAttribute(object? value, params object?[] more) : Attribute
{
    public object? Value => value;
    public object?[] More => more;
    public object? Named { get; set; }
    public string? Text { get; init; }
    public Type[]? Types;
    public long @long { get; set; }
}

public abstract class Shows : Shape<Shows.In>
{
    public record In;

    public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken)
    {
        var arg = context.Action.Metadata.OfType<ArgAttribute>().Single();
        return new(string.Join(" ", new[] { arg.Value }.Concat(arg.More).Append(arg.Named).Select(value => value is null ? "null" : $"{value.GetType().Name}:{Text.Of(value)}")) + $" {arg.Text ?? "null"} {Text.Of(arg.Types?.Select(type => type?.Name))} {arg.@long}");
    }
}

public enum Sign : sbyte { Minus = -1, Plus = 1 }

public static class Constants { public const string Joined = "a" + "b"; public const int Negative = -5; public const double Tiny = double.Epsilon; public const string? None = null; }

[Action("arg int"), Arg(-5), Given("{}", "Int32:-5 null null null 0")] public class Int : Shows;
[Action("arg int min"), Arg(int.MinValue), Given("{}", "Int32:-2147483648 null null null 0")] public class IntMin : Shows;
[Action("arg long"), Arg(long.MinValue), Given("{}", "Int64:-9223372036854775808 null null null 0")] public class Long : Shows;
[Action("arg ulong"), Arg(ulong.MaxValue), Given("{}", "UInt64:18446744073709551615 null null null 0")] public class ULong : Shows;
[Action("arg uint"), Arg(uint.MaxValue), Given("{}", "UInt32:4294967295 null null null 0")] public class UInt : Shows;
[Action("arg byte"), Arg((byte)255), Given("{}", "Byte:255 null null null 0")] public class Byte : Shows;
[Action("arg sbyte"), Arg((sbyte)-128), Given("{}", "SByte:-128 null null null 0")] public class SByte : Shows;
[Action("arg short"), Arg((short)-1), Given("{}", "Int16:-1 null null null 0")] public class Short : Shows;
[Action("arg ushort"), Arg((ushort)1), Given("{}", "UInt16:1 null null null 0")] public class UShort : Shows;
[Action("arg char"), Arg('\''), Given("{}", "Char:' null null null 0")] public class Char : Shows;
[Action("arg char of a pair"), Arg('\ud800'), Given("{}", "Char:\ufffd null null null 0")] public class HalfChar : Shows { public override async ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => (await base.RunAsync(input, context, cancellationToken)).Replace('\ud800', '\ufffd'); }
[Action("arg bool"), Arg(true), Given("{}", "Boolean:True null null null 0")] public class Bool : Shows;
[Action("arg double"), Arg(-1.5e-300), Given("{}", "Double:-1.5E-300 null null null 0")] public class Double : Shows;
[Action("arg double nan"), Arg(double.NaN), Given("{}", "Double:NaN null null null 0")] public class NaN : Shows;
[Action("arg double infinite"), Arg(double.NegativeInfinity), Given("{}", "Double:-Infinity null null null 0")] public class Infinite : Shows;
[Action("arg double whole"), Arg(5d), Given("{}", "Double:5 null null null 0")] public class WholeDouble : Shows;
[Action("arg float"), Arg(-1.5f), Given("{}", "Single:-1.5 null null null 0")] public class Float : Shows;
[Action("arg text"), Arg("a\"b\\c\n\r\t\0\u2028{0}"), Given("{}", "String:a\"b\\c\n\r\t\0\u2028{0} null null null 0")] public class Str : Shows;
[Action("arg text of a pair"), Arg("\ud83d\ude00"), Given("{}", "String:\ud83d\ude00 null null null 0")] public class Pair : Shows;
[Action("arg raw text"), Arg("""
    a "quoted" text
    of two lines
    """), Given("{}", "String:a \"quoted\" text\nof two lines null null null 0")] public class Raw : Shows;
[Action("arg verbatim"), Arg(@"c:\x"), Given("{}", "String:c:\\x null null null 0")] public class Verbatim : Shows;
[Action("arg empty"), Arg(""), Given("{}", "String: null null null 0")] public class EmptyText : Shows;
[Action("arg null"), Arg(null), Given("{}", "null null null null 0")] public class Null : Shows;
[Action("arg null array"), Arg(null, null!), Given("{}", "null null null null 0")] public class NullArray : Shows { public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new(context.Action.Metadata.OfType<ArgAttribute>().Single().More is null ? "null null null null 0" : "no"); }
[Action("arg constant"), Arg(Constants.Joined), Given("{}", "String:ab null null null 0")] public class Constant : Shows;
[Action("arg constant expression"), Arg(Constants.Negative * 2 + 1), Given("{}", "Int32:-9 null null null 0")] public class Expression : Shows;
[Action("arg constant null"), Arg(Constants.None), Given("{}", "null null null null 0")] public class ConstantNull : Shows;
[Action("arg nameof"), Arg(nameof(Constants.Joined)), Given("{}", "String:Joined null null null 0")] public class NameOf : Shows;
[Action("arg interpolated"), Arg($"{Constants.Joined}!{nameof(Sign)}"), Given("{}", "String:ab!Sign null null null 0")] public class Interpolated : Shows;
[Action("arg typeof"), Arg(typeof(string)), Given("{}", "RuntimeType:System.String null null null 0")] public class TypeOf : Shows;
[Action("arg typeof open"), Arg(typeof(Dictionary<,>)), Given("{}", "RuntimeType:System.Collections.Generic.Dictionary`2[TKey,TValue] null null null 0")] public class TypeOfOpen : Shows;
[Action("arg typeof nested open"), Arg(typeof(Open<>.Inner<>)), Given("{}", "RuntimeType:Shapes.Arguments.Open`1+Inner`1[T,TB] null null null 0")] public class TypeOfNestedOpen : Shows;
[Action("arg typeof closed"), Arg(typeof(List<int?[]>)), Given("{}", "RuntimeType:System.Collections.Generic.List`1[System.Nullable`1[System.Int32][]] null null null 0")] public class TypeOfClosed : Shows;
[Action("arg typeof void"), Arg(typeof(void)), Given("{}", "RuntimeType:System.Void null null null 0")] public class TypeOfVoid : Shows;
[Action("arg typeof array"), Arg(typeof(int[,])), Given("{}", "RuntimeType:System.Int32[,] null null null 0")] public class TypeOfArray : Shows;
[Action("arg typeof tuple"), Arg(typeof((int, string))), Given("{}", "RuntimeType:System.ValueTuple`2[System.Int32,System.String] null null null 0")] public class TypeOfTuple : Shows;
[Action("arg typeof keyword"), Arg(typeof(@return)), Given("{}", "RuntimeType:Shapes.Arguments.return null null null 0")] public class TypeOfKeyword : Shows;
[Action("arg enum"), Arg(DayOfWeek.Friday), Given("{}", "DayOfWeek:Friday null null null 0")] public class Enum : Shows;
[Action("arg enum negative"), Arg(Sign.Minus), Given("{}", "Sign:Minus null null null 0")] public class EnumNegative : Shows;
[Action("arg enum without a name"), Arg((Sign)(-100)), Given("{}", "Sign:-100 null null null 0")] public class EnumUnnamed : Shows;
[Action("arg enum combined"), Arg(AttributeTargets.Class | AttributeTargets.Method), Given("{}", "AttributeTargets:Class, Method null null null 0")] public class EnumFlags : Shows;
[Action("arg array"), Arg(new[] { 1, -2 }), Given("{}", "Int32[]:[1, -2] null null null 0")] public class Array : Shows;
[Action("arg array of texts"), Arg(new string?[] { "a", null }), Given("{}", "String[]:[a, null] null null null 0")] public class ArrayOfTexts : Shows;
[Action("arg array of types"), Arg(new[] { typeof(int), null }), Given("{}", "Type[]:[System.Int32, null] null null null 0")] public class ArrayOfTypes : Shows;
[Action("arg array of enums"), Arg(new[] { Sign.Minus, Sign.Plus }), Given("{}", "Sign[]:[Minus, Plus] null null null 0")] public class ArrayOfEnums : Shows;
[Action("arg array of objects"), Arg(new object?[] { (byte)1, 'c', null, "s", typeof(int), 1.5f }), Given("{}", "Object[]:[1, c, null, s, System.Int32, 1.5] null null null 0")] public class ArrayOfObjects : Shows;
[Action("arg empty array"), Arg(new int[0]), Given("{}", "Int32[]:[] null null null 0")] public class ArrayEmpty : Shows;
[Action("arg bytes"), Arg(new byte[] { 1, 255 }), Given("{}", "Byte[]:[1, 255] null null null 0")] public class Bytes : Shows;
[Action("arg several"), Arg(1, "two", '3', null, DayOfWeek.Friday), Given("{}", "Int32:1 String:two Char:3 null DayOfWeek:Friday null null null 0")] public class Several : Shows;
[Action("arg named"), Arg(1, Named = (short)2, Text = "t", Types = [typeof(int), typeof(List<>)], @long = -3), Given("{}", "Int32:1 Int16:2 t [Int32, List`1] -3")] public class Named : Shows;

public class Open<T> { public class Inner<TB>; }
public class @return;

[AttributeUsage(AttributeTargets.Class)] public class GenericArgAttribute<T> : Attribute { public override string ToString() => typeof(T).Name; }

[Action("arg of a generic attribute"), GenericArg<List<int[]>>, Given("{}", "List`1")]
public class GenericAttribute : Shape<GenericAttribute.In> { public record In; public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new(context.Action.Metadata.OfType<GenericArgAttribute<List<int[]>>>().Single().ToString()); }

[AttributeUsage(AttributeTargets.Class)] public class CallerAttribute([System.Runtime.CompilerServices.CallerMemberName] string? member = "none", int number = 7) : Attribute { public override string ToString() => $"{member ?? "null"} {number}"; }

[Action("arg left out"), Caller, Given("{}", "none 7")]
public class LeftOut : Shape<LeftOut.In> { public record In; public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new(context.Action.Metadata.OfType<CallerAttribute>().Single().ToString()); }

// What the action's own constructor is given.
[Action("service defaults"), Given("{}", "Monday,null,5,x,null,c,1.5,Friday,null")]
public class ServiceDefaults(DayOfWeek? a = DayOfWeek.Monday, DayOfWeek? b = null, int? c = 5, string d = "x", string? e = null, char f = 'c', decimal g = 1.5m, DayOfWeek h = DayOfWeek.Friday, IFormatProvider? i = null) : Shape<ServiceDefaults.In>
{
    public record In;
    public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new(string.Join(",", new object?[] { a, b, c, d, e, f, g, h, i }.Select(value => Text.Of(value))));
}

[Action("service keys"), Given("{}", "the left one,the one of int,the seventh,null")]
public class ServiceKeys([FromKeyedServices("left")] string a, [FromKeyedServices(typeof(int))] string b, [FromKeyedServices((short)7)] string c, [FromKeyedServices("none")] string? d = null) : Shape<ServiceKeys.In>
{
    public record In;
    public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new($"{a},{b},{c},{d ?? "null"}");
}

[Action("service names"), Given("{}", "True")]
public class ServiceNames(IServiceProvider @class, in TimeProvider @in) : Shape<ServiceNames.In>
{
    private readonly bool _both = @class is not null && @in is not null;
    public record In;
    public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new(_both.ToString());
}

[Action("check arguments"), Given("""{"a":"a","b":-1.5,"c":"x","d":"Friday","e":"\""}""", "A=a B=-1.5 C=x D=Friday E=\""), Refused("""{"a":"b","b":0,"c":"x","d":"Friday","e":"\""}""", "a{0}: \"no\"\n"), Refused("""{"a":"a","b":5,"c":"x","d":"Friday","e":"\""}""", "The field b must be between -5 and 1.5."), Refused("""{"a":"a","b":0,"c":"y\n","d":"Friday","e":"\""}""", "The field c must match the regular expression '^[\"x]+$'.")]
public class CheckArguments : Shape<CheckArguments.In> { public record In([property: AllowedValues("a", "\"", ErrorMessage = "{0}{{0}}: \"no\"\n")] string A, [property: Range(-5d, 1.5)] double B, [property: RegularExpression("^[\"x]+$")] string C, [property: AllowedValues(DayOfWeek.Friday)] DayOfWeek D, [property: AllowedValues('"')] char E); }
