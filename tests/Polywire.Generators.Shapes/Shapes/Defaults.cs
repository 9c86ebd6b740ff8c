using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Shapes.Support;

namespace Shapes.Defaults;

// What is not sent has the value that the object has of itself.
[Action("default by constructor"), Given("{}", "A=5"), Given("""{"a":1}""", "A=1")]
public class ByConstructor : Shape<ByConstructor.In> { public class In { public In() { A = 5; } public int A { get; init; } } }

[Action("default by constructor, set"), Given("{}", "A=5"), Given("""{"a":1}""", "A=1")]
public class ByConstructorSet : Shape<ByConstructorSet.In> { public class In { public In() => A = 5; public int A { get; set; } } }

[Action("default text by constructor"), Given("{}", "A=x"), Given("""{"a":"y"}""", "A=y")]
public class TextByConstructor : Shape<TextByConstructor.In> { public class In { public In() { A = "x"; } public string A { get; set; } } }

[Action("default by a method"), Given("{}", "A=x B=2"), Given("""{"b":3}""", "A=x B=3")]
public class ByMethod : Shape<ByMethod.In> { public class In { public In() { Fill(); } private void Fill() { A = "x"; B = 2; } public string A { get; set; } public int B { get; set; } } }

[Action("default that turns out to be none"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":"y"}""", "A=y")]
public class NoneByConstructor : Shape<NoneByConstructor.In> { public class In { public In() { Fill(); } private void Fill() { } public string A { get; set; } } }

[Action("default beside a constructor that does something else"), Given("""{"a":"y"}""", "Now=1 A=y"), Refused("{}", "a is a required parameter for this action")]
public class Beside : Shape<Beside.In> { public class In { public In() { Now = 1; } public int Now { get; } public string A { get; set; } } }

[Action("default by base arguments"), Given("""{"c":1}""", "A=7 C=1"), Given("""{"a":2,"c":1}""", "A=2 C=1")]
public class ByBase : Shape<ByBase.In> { public record Base(int A = 5); public record In(int C) : Base(7); }

[Action("default text by base arguments"), Given("{}", "A=seven"), Given("""{"a":"x"}""", "A=x")]
public class TextByBase : Shape<TextByBase.In> { public record Base(string A); public record In() : Base("seven"); }

[Action("default by a base class's constructor"), Given("{}", "A=9")]
public class ByBaseClass : Shape<ByBaseClass.In> { public class Base(int a) { public int A { get; set; } = a; } public class In() : Base(9); }

[Action("default by a base class's implicit constructor"), Given("{}", "A=9")]
public class ByBaseImplicit : Shape<ByBaseImplicit.In> { public class Base { public Base() { A = 9; } public int A { get; set; } } public class In : Base; }

[Action("default by a chain of constructors"), Given("{}", "A=3 B=4")]
public class Chain : Shape<Chain.In>
{
    public class In { public In() : this(3) { B = 4; } private In(int a) { A = a; } public int A { get; init; } public int B { get; init; } }
}

[Action("default by initializer and constructor"), Given("{}", "A=2"), Given("""{"a":3}""", "A=3")]
public class InitializerThenConstructor : Shape<InitializerThenConstructor.In> { public class In { public In() { A++; } public int A { get; set; } = 1; } }

[Action("default by initializer"), Given("{}", "A=5 B=b C=True D=1.5 E=x F=Friday G=00:00:10"), Given("""{"a":1,"b":"","c":false,"d":2,"e":"y","f":"monday","g":"00:00:01"}""", "A=1 B= C=False D=2 E=y F=Monday G=00:00:01")]
public class ByInitializer : Shape<ByInitializer.In>
{
    public record In { public int A { get; init; } = 5; public string B { get; init; } = "b"; public bool C { get; init; } = true; public double D { get; init; } = 1.5; public char E { get; init; } = 'x'; public DayOfWeek F { get; init; } = DayOfWeek.Friday; public TimeSpan G { get; init; } = TimeSpan.FromSeconds(10); }
}

[Action("default by computed initializer"), Given("{}", "A=5 B=abab")]
public class Computed : Shape<Computed.In> { public class In { public int A { get; set; } = Math.Max(5, 2); public string B { get; init; } = string.Concat("ab", "ab"); } }

[Action("default by primary parameter"), Given("""{"a":3}""", "A=3 B=6"), Given("""{"a":3,"b":1}""", "A=3 B=1")]
public class ByParameter : Shape<ByParameter.In> { public class In(int a) { public int A { get; } = a; public int B { get; init; } = a * 2; } }

[Action("default by positional"), Given("""{"a":"x"}""", "A=x B=3 C=c D=null E=True F=Monday G=1.5")]
public class Positional : Shape<Positional.In> { public record In(string A, int B = 3, string C = "c", string? D = null, bool E = true, DayOfWeek F = DayOfWeek.Monday, decimal G = 1.5m); }

[Action("default of nullables"), Given("{}", "A=5 B=Monday C=null D=1.5"), Given("""{"a":null,"b":null,"c":null,"d":null}""", "A=null B=null C=null D=null")]
public class Nullables : Shape<Nullables.In> { public record In(int? A = 5, DayOfWeek? B = DayOfWeek.Monday, Guid? C = null, double? D = 1.5); }

[Action("default of nullable properties"), Given("{}", "A=5 B=x C=Monday"), Given("""{"a":null,"b":null,"c":null}""", "A=null B=null C=null")]
public class NullableProperties : Shape<NullableProperties.In> { public class In { public int? A { get; set; } = 5; public string? B { get; init; } = "x"; public DayOfWeek? C { get; init; } = DayOfWeek.Monday; } }

[Action("default by field behind"), Given("{}", "A=5"), Given("""{"a":1}""", "A=1")]
public class FieldBehind : Shape<FieldBehind.In> { public class In { private int _a = 5; public int A { get => _a; init => _a = value; } } }

[Action("default text by field behind"), Given("{}", "A=x"), Given("""{"a":"y"}""", "A=y")]
public class TextBehind : Shape<TextBehind.In> { public class In { private string _a = "x"; public string A { get => _a; set => _a = value; } } }

[Action("default is not set again"), Given("{}", "A=5 Set=0"), Given("""{"a":5}""", "A=5 Set=1")]
public class NotSetAgain : Shape<NotSetAgain.In> { public class In { private int _a = 5; public int A { get => _a; set { _a = value; Set++; } } public int Set { get; private set; } } }

[Action("default is not set again, init"), Given("{}", "A=5 Set=0"), Given("""{"a":5}""", "A=5 Set=1")]
public class NotSetAgainInit : Shape<NotSetAgainInit.In> { public class In { private int _a = 5; public int A { get => _a; init { _a = value; Set++; } } public int Set { get; private set; } } }

[Action("default that its setter would change"), Given("{}", "A=5"), Given("""{"a":5}""", "A=10")]
public class Doubling : Shape<Doubling.In> { public class In { private int _a = 5; public int A { get => _a; set => _a = value * 2; } } }

[Action("default that cannot be read"), Given("{}", "Seen=5"), Given("""{"a":1}""", "Seen=1")]
public class WriteOnly : Shape<WriteOnly.In> { public class In { private int _a = 5; public int A { set => _a = value; } public int Seen => _a; } }

[Action("default that is made anew"), Given("{}", "A=[1]"), Given("""{"a":[2,3]}""", "A=[2, 3]")]
public class MadeAnew : Shape<MadeAnew.In> { public class In { public List<int> A { get; init; } = [1]; } }

[Action("default of a struct"), Given("{}", "A=0 B=null"), Given("""{"a":1,"b":"x"}""", "A=1 B=x")]
public class Struct : Shape<Struct.In> { public struct In { public int A { get; set; } public string? B { get; init; } } }

[Action("default of a struct with a constructor"), Given("{}", "A=4 B=5"), Given("""{"a":1}""", "A=1 B=5")]
public class StructConstructor : Shape<StructConstructor.In> { public struct In { public In() { A = 4; } public int A { get; set; } public int B { get; init; } = 5; } }

[Action("default of a readonly struct"), Given("{}", "A=4"), Given("""{"a":1}""", "A=1")]
public class ReadonlyStruct : Shape<ReadonlyStruct.In> { public readonly struct In { public In() { } public int A { get; init; } = 4; } }

[Action("default of a record struct"), Given("""{"a":1}""", "A=1 B=x C=3"), Given("""{"a":1,"b":"y","c":4}""", "A=1 B=y C=4")]
public class RecordStruct : Shape<RecordStruct.In> { public record struct In(int A, string B = "x") { public int C { get; init; } = 3; } }

[Action("default in a generic type"), Given("{}", "A=null B=0 C=[]"), Given("""{"a":"x","b":2,"c":["y"]}""", "A=x B=2 C=[y]")]
public class Generic : Shape<Generic.In<string>> { public class In<T> where T : class { public T? A { get; init; } public int B { get; init; } public T[] C { get; init; } = []; } }

[Action("default in a nested generic type"), Given("{}", "A=0 B=7"), Given("""{"a":1,"b":2}""", "A=1 B=2")]
public class NestedGeneric : Shape<NestedGeneric.Outer<int>.In<long>> { public class Outer<T> where T : struct { public class In<TB> where TB : unmanaged { public T A { get; init; } public int B { get; init; } = 7; } } }

[Action("default in a generic struct"), Given("{}", "A=0 B=7"), Given("""{"a":1,"b":2}""", "A=1 B=2")]
public class GenericStruct : Shape<GenericStruct.In<int>> { public struct In<T> where T : notnull, IComparable<T>, new() { public In() { } public T A { get; init; } = new(); public int B { get; init; } = 7; } }

[Action("default of a generic base"), Given("""{"c":1}""", "A=9 C=1"), Given("""{"a":2,"c":1}""", "A=2 C=1")]
public class GenericBase : Shape<GenericBase.In> { public record Base<T>(T A); public record In(int C) : Base<int>(9); }

[Action("required member"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":1}""", "A=1")]
public class MustBeThere : Shape<MustBeThere.In> { public class In { public required int A { get; init; } } }

[Action("required member with an initializer"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":1}""", "A=1")]
public class RequiredInitialized : Shape<RequiredInitialized.In> { public class In { public required int A { get; init; } = 5; } }

[Action("required nullable member"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":"x"}""", "A=x")]
public class RequiredNullable : Shape<RequiredNullable.In> { public class In { public required string? A { get; set; } } }

[Action("required members that the constructor sets"), Given("{}", "A=1"), Given("""{"a":2}""", "A=2")]
public class SetsRequired : Shape<SetsRequired.In> { public class In { [SetsRequiredMembers] public In() { A = 1; } public required int A { get; init; } } }

[Action("required members that a primary constructor sets"), Given("""{"b":3}""", "A=3 B=3"), Given("""{"a":2,"b":3}""", "A=2 B=3")]
public class SetsRequiredPrimary : Shape<SetsRequiredPrimary.In> {
    [method: SetsRequiredMembers] public class In(int b) { public required int A { get; set; } = b; public int B { get; } = b; }
}

[Action("required text that the constructor sets"), Given("{}", "A=x")]
public class SetsRequiredText : Shape<SetsRequiredText.In> { public class In { [SetsRequiredMembers] public In() => A = "x"; public required string A { get; set; } } }

[Action("required field that the constructor sets"), Given("{}", "A=1")]
public class SetsRequiredField : Shape<SetsRequiredField.In> { public class In { [SetsRequiredMembers] public In() { A = 1; } public required int A; } }

[Action("required member of a base"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":1}""", "A=1 B=0")]
public class RequiredBase : Shape<RequiredBase.In> { public class Base { public required int A { get; init; } } public class In : Base { public int B { get; init; } } }

[Action("required by attribute"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":"x"}""", "A=x")]
public class MustByAttribute : Shape<MustByAttribute.In> { public class In { [Required] public string? A { get; init; } } }

[Action("required by attribute, with a default"), Given("{}", "A=x"), Refused("""{"a":null}""", "a is a required parameter for this action")]
public class RequiredDefault : Shape<RequiredDefault.In> { public class In { [Required] public string A { get; init; } = "x"; } }

[Action("required by JsonRequired"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":1}""", "A=1")]
public class MustByJson : Shape<MustByJson.In> { public class In { [JsonRequired] public int A { get; init; } = 5; } }

[Action("required by JsonRequired, positional"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":1}""", "A=1")]
public class JsonRequiredPositional : Shape<JsonRequiredPositional.In> { public record In([property: JsonRequired] int A = 5); }

[Action("text without a value"), Refused("{}", "a is a required parameter for this action")]
public class TextWithout : Shape<TextWithout.In> { public class In { public string A { get; set; } = null!; } }

[Action("text of the empty default"), Given("{}", "A=")]
public class EmptyText : Shape<EmptyText.In> { public class In { public string A { get; set; } = string.Empty; } }

[Action("text unknown to nullability"), Given("{}", "A=null B=x")]
public class Oblivious : Shape<Oblivious.In>
{
#nullable disable
    public class In { public string A { get; set; } public string B { get; set; } = "x"; }
#nullable restore
}

[Action("default checked"), Refused("{}", "The field a must be between 1 and 9."), Given("""{"a":2}""", "A=2"), Refused("""{"a":0}""", "The field a must be between 1 and 9.")]
public class Checked : Shape<Checked.In> { public class In { [Range(1, 9)] public int A { get; init; } = 10; } }

[Action("default formatted"), Given("{}", "A=x! B=null"), Given("""{"a":"y","b":"z"}""", "A=y! B=z!")]
public class Formatted : Shape<Formatted.In>
{
    public class Loud : IInputFormatter<string> { public static string Format(string value) => value + "!"; }
    public class In { [Format<Loud>] public string A { get; init; } = "x"; [Format<Loud>] public string? B { get; set; } }
}

[Action("default by constructor, formatted"), Given("{}", "A=x!"), Given("""{"a":"y"}""", "A=y!")]
public class ConstructorFormatted : Shape<ConstructorFormatted.In> { public class In { public In() { A = "x"; } [Format<Formatted.Loud>] public string A { get; init; } } }

[Action("default overridden"), Given("{}", "A=2"), Given("""{"a":3}""", "A=3")]
public class Overridden : Shape<Overridden.In> { public class Base { public virtual int A { get; set; } = 1; } public class In : Base { public override int A { get; set; } = 2; } }

[Action("default of a virtual that a base constructor sets"), Given("{}", "A=8")]
public class VirtualSet : Shape<VirtualSet.In> { public class Base { public Base() { A = 8; } public virtual int A { get; set; } } public class In : Base { public override int A { get; set; } } }

[Action("default of a nested record"), Given("{}", "N=(A=5 B=x)"), Given("""{"n":{"a":1}}""", "N=(A=1 B=x)")]
public class Nested : Shape<Nested.In> { public class Inner { public int A { get; set; } = 5; public string B { get; init; } = "x"; } public class In { public Inner N { get; init; } = new(); } }

[Action("default by another project's initializers"), Given("""{"e":1}""", "A=a B=2 C=[x] D=null E=1"), Given("""{"a":"y","b":3,"c":[],"d":"z","e":1}""", "A=y B=3 C=[] D=z E=1"), Refused("{}", "e is a required parameter for this action")]
public class OfOther : Shape<Contracts.Initialized>;

[Action("default by another project's constructor"), Given("""{"b":"x"}""", "A=5 B=x"), Refused("{}", "b is a required parameter for this action")]
public class OfOtherConstructor : Shape<Contracts.Constructed>;

[Action("default by another project's base arguments"), Given("""{"c":1}""", "A=7 C=1")]
public class OfOtherBase : Shape<Contracts.Derived>;

[Action("default by another project's parameters"), Given("""{"a":"x"}""", "A=x B=3 C=c"), Refused("{}", "a is a required parameter for this action")]
public class OfOtherPositional : Shape<Contracts.Positional>;

[Action("default of a type derived from another project's"), Given("""{"e":1}""", "A=own B=2 C=[x] D=null E=1 F=6")]
public class DerivedOfOther : Shape<DerivedOfOther.In> { public class In : Contracts.Initialized { public In() => A = "own"; public new string A { get => base.A; init => base.A = value; } public int F { get; set; } = 6; } }

[Action("empty"), Given("{}", ""), Given("""{"a":1}""", "")]
public class Empty : Shape<Empty.In> { public record In; }

[Action("default dates"), Given("{}", "A=2020-01-02T00:00:00.0000000")]
public class Dates : Shape<Dates.In> { public record In([global::System.Runtime.InteropServices.Optional, global::System.Runtime.CompilerServices.DateTimeConstant(637135200000000000L)] DateTime A); }

[Action("default big numbers"), Given("{}", "A=-9223372036854775808 B=18446744073709551615 C=-2147483648 D=79228162514264337593543950335 E=-128")]
public class BigNumbers : Shape<BigNumbers.In> { public record In(long A = long.MinValue, ulong B = ulong.MaxValue, int C = int.MinValue, decimal D = decimal.MaxValue, sbyte E = sbyte.MinValue); }

[Action("default odd numbers"), Given("{}", "A=NaN B=-Infinity C=Infinity D=-0 E=1E-45")]
public class OddNumbers : Shape<OddNumbers.In> { public record In(double A = double.NaN, double B = double.NegativeInfinity, float C = float.PositiveInfinity, double D = -0.0, float E = float.Epsilon); }

[Action("default odd texts"), Given("{}", "A=\"\n\r\t\\\u2028 B=' C=\ud83d\ude00 D={0}")]
public class OddTexts : Shape<OddTexts.In> { public record In(string A = "\"\n\r\t\\\u2028", char B = '\'', string C = "\ud83d\ude00", string D = "{0}"); }

[Action("default of enums without a name for it"), Given("{}", "A=9 B=0 C=Low")]
public class OddEnums : Shape<OddEnums.In> { public enum E : sbyte { Low = -1, High = 1 } public record In(E A = (E)9, E B = default, E C = E.Low); }

[Action("default native numbers"), Given("{}", "A=5 B=7")]
public class Native : Shape<Native.In> { public record In(nint A = 5, nuint B = 7); }

[Action("default of structs"), Given("{}", "A=00000000-0000-0000-0000-000000000000 B=00:00:00")]
public class Structs : Shape<Structs.In> { public record In(Guid A = default, TimeSpan B = default); }
