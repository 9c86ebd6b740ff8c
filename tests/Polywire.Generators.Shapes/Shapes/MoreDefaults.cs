using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Shapes.Support;

namespace Shapes.MoreDefaults;

[Action("more defaults, default by another's setter"), Given("{}", "A=x"), Given("""{"a":"y"}""", "A=y")]
public class D1 : Shape<D1.In> { public class In { public In() { B = "x"; } public string A { get; set; } [JsonIgnore] public string B { set => A = value; } } }

[Action("more defaults, default int by another's setter"), Given("{}", "A=7"), Given("""{"a":1}""", "A=1")]
public class D2 : Shape<D2.In> { public class In { public In() { B = 7; } public int A { get; set; } private int B { set { A = value; } } } }

[Action("more defaults, default attribute"), Given("{}", "A=5 B=x"), Given("""{"a":1,"b":"y"}""", "A=1 B=y")]
public class D3 : Shape<D3.In> { public class In([Optional, DefaultParameterValue(5)] int a, [Optional, DefaultParameterValue("x")] string b) { public int A { get; } = a; public string B { get; } = b; } }

[Action("more defaults, default date constant"), Given("{}", "A=0001-01-01T00:00:00.0000123"), Given("""{"a":"2020-01-01T00:00:00Z"}""", "A=2020-01-01T00:00:00.0000000Z")]
public class D4 : Shape<D4.In> { public class In([Optional, DateTimeConstant(123)] DateTime a) { public DateTime A { get; } = a; } }

[Action("more defaults, record with plain constructor"), Given("{}", "A=5 B=b"), Given("""{"a":1}""", "A=1 B=b")]
public class D6 : Shape<D6.In> { public record In(int A, string B) { public In() : this(5, "b") { } } }

[Action("more defaults, in parameter"), Given("{}", "A=5"), Given("""{"a":1}""", "A=1")]
public class D7 : Shape<D7.In> { public class In(in int a = 5) { public int A { get; } = a; } }

[Action("more defaults, default by a base's init override"), Given("{}", "A=9"), Given("""{"a":1}""", "A=2")]
public class D8 : Shape<D8.In> { public class Base { public Base() { A = 8; } public virtual int A { get; init; } } public class In : Base { private int _a; public override int A { get => _a; init => _a = value + 1; } } }

[Action("more defaults, record struct with no arguments"), Given("{}", "A=5"), Given("""{"a":1}""", "A=1")]
public class D9 : Shape<D9.In> { public record struct In() { public int A { get; set; } = 5; } }

[Action("more defaults, default by increment in other property initializer"), Given("{}", "A=x B=1")]
public class D10 : Shape<D10.In> { public class In { public string A { get; set; } = "x"; public int B { get; init; } = "x".Length; } }

[Action("more defaults, default null that is text"), Refused("{}", "a is a required parameter for this action"), Given("""{"a":"q"}""", "A=q")]
public class D11 : Shape<D11.In> { public class In { public string A { get; set; } = null!; } }

[Action("more defaults, default unknown to a plain field behind, init only"), Given("{}", "A=x"), Given("""{"a":"y"}""", "A=y!")]
public class D12 : Shape<D12.In> { public class In { private readonly string _a = "x"; public string A { get => _a; init => _a = value + "!"; } } }

[Action("more defaults, static in initializer"), Given("{}", "A=1")]
public class D13 : Shape<D13.In> { public class In { private const int One = 1; public int A { get; set; } = One; } }

[Action("more defaults, decimal default with scale"), Given("{}", "A=1.50 B=79228162514264337593543950335")]
public class D14 : Shape<D14.In> { public record In(decimal A = 1.50m, decimal B = decimal.MaxValue); }

[Action("more defaults, nested optional record"), Given("{}", "N=null"), Given("""{"n":{}}""", "N=(X=3)"), Given("""{"n":null}""", "N=null")]
public class D15 : Shape<D15.In> { public record N1(int X = 3); public record In(N1? N = null); }
