using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Shapes.Support;

namespace Shapes.Types;

[Action("types, numbers"), Given("""{"a":1.5,"b":"170141183460469231731687303715884105727","c":"340282366920938463463374607431768211455","d":12345678901234567890123,"e":3,"f":4}""", "A=1.5 B=170141183460469231731687303715884105727 C=340282366920938463463374607431768211455 D=12345678901234567890123 E=3 F=4")]
public class T1 : Shape<T1.In> { public record In(Half A, Int128 B, UInt128 C, BigInteger D, nint E, nuint F); }

[Action("types, dates"), Given("""{"a":"2024-02-29","b":"23:59:59","c":"2024-02-29T01:02:03+02:00"}""", "A=02/29/2024 B=23:59 C=2024-02-29T01:02:03.0000000+02:00")]
public class T2 : Shape<T2.In> { public record In(DateOnly A, TimeOnly B, DateTimeOffset C); }

[Action("types, reference types"), Given("""{"a":"http://x/y","b":"1.2.3","c":{"a":1},"d":[1],"e":{"x":1}}""", "A=http://x/y B=1.2.3")]
public class T3 : IAction<T3.In, string> { public record In(Uri A, Version B, JsonElement C, JsonNode? D, JsonElement? E); public ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new($"A={input.A} B={input.B}"); }

[Action("types, sets"), Given("""{"a":["x"],"b":{"k":[1,2]},"c":[[1],[2,3]]}""", "A=[x] B={k: [1, 2]} C=[[1], [2, 3]]")]
public class T4 : Shape<T4.In> { public record In(List<string> A, Dictionary<string, List<int>> B, int[][] C); }

[Action("types, nullable elements"), Given("""{"a":["x",null],"b":[1,null]}""", "A=[x, null] B=[1, null]")]
public class T5 : Shape<T5.In> { public record In(List<string?> A, int?[] B); }

[Action("types, generic of nullable"), Given("""{}""", "A=null"), Given("""{"a":"x"}""", "A=x")]
public class T6 : Shape<T6.In<string?>> { public record In<T>(T A); }

[Action("types, generic of nullable struct"), Given("""{}""", "A=null"), Given("""{"a":4}""", "A=4")]
public class T7 : Shape<T7.In<int?>> { public record In<T>(T A); }

[Action("types, generic of array"), Given("""{"a":[4]}""", "A=[4]")]
public class T8 : Shape<T8.In<int[]>> { public class In<T> { public required T A { get; init; } } }

[Action("types, enum in generic"), Given("""{"a":"two"}""", "A=Two"), Given("{}", "A=One")]
public class T9 : Shape<T9.Outer<int>.In> { public class Outer<T> { public enum E { Zero, One, Two } public class In { public E A { get; set; } = E.One; } } }

[Action("types, enum aliases"), Given("""{"a":"same"}""", "A=First"), Given("{}", "A=First")]
public class T10 : IAction<T10.In, string> { public enum E { First = 1, Same = 1, Other = 2 } public record In(E A = E.Same); public ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new(input.A == E.First ? "A=First" : "no"); }

[Action("types, flags"), Given("{}", "A=Read, Write")]
public class T11 : Shape<T11.In> { [Flags] public enum E { None, Read, Write } public record In(E A = E.Read | E.Write); }

[Action("types, ulong enum"), Given("""{"a":"big"}""", "A=Big"), Given("{}", "A=Big")]
public class T12 : Shape<T12.In> { public enum E : ulong { Small, Big = ulong.MaxValue } public record In(E A = E.Big); }

[Action("types, recursive dictionary"), Given("""{"kids":{"a":{"kids":{"b":{}}}}}""", "Kids={a: (Kids={b: (Kids=null)})}")]
public class T13 : Shape<T13.In> { public record In(Dictionary<string, In>? Kids = null); }

[Action("types, mutual"), Given("""{"b":{"a":{"b":null}}}""", "B=(A=(B=null))")]
public class T14 : Shape<T14.A1> { public record A1(B1? B); public record B1(A1? A); }

[Action("types, odd type names"), Given("""{"a":{"x":1},"b":{"x":2},"c":{"x":3},"d":{"x":4},"e":{"x":5},"f":{"x":6},"g":{"x":7},"h":{"x":8}}""", "A=(X=1) B=(X=2) C=(X=3) D=(X=4) E=(X=5) F=(X=6) G=(X=7) H=(X=8)")]
public class N1 : Shape<N1.In> {
    public record @var(int X); public record @dynamic(int X); public record @nint(int X); public record @record(int X); public record @await(int X); public record _(int X); public record @notnull(int X); public record @global(int X);
    public record In(@var A, @dynamic B, @nint C, @record D, @await E, _ F, @notnull G, @global H); }

[Action("types, odd arguments of generics"), Given("""{"a":{"x":{"x":1}}}""", "A=(X=(X=1))")]
public class N2 : Shape<N2.In> { public record @var(int X); public record G<T>(T X); public record In(G<@var> A); }

[Action("types, escapes in names"), Given("""{"abc":1,"é":2}""", "Abc=1 É=2")]
public class N3 : Shape<N3.In> { public record In(int \u0041bc, int É); }

[Action("types, members like those of objects"), Given("""{"result":1,"target":2,"value":3,"element":4,"done":5,"default":6,"context":7}""", "Result=1 Target=2 Value=3 Element=4 Done=5 Default=6 Context=7")]
public class N4 : Shape<N4.In> { public class In { public int Result { get; init; } public required int Target { get; init; } public int Value { get; set; } public int Element { get; init; } public int Done { get; init; } public int Default { get; init; } public int Context { get; init; } } }

[Action("types, item and indexer"), Given("""{"a":1}""", "A=1")]
public class N5 : Shape<N5.In> { public class In { public int A { get; set; } public int this[int i] { get => i; set { } } } }

[Action("types, only get overridden"), Given("""{"b":2,"a":1}""", "A=5 B=2")]
public class N6 : Shape<N6.In> { public class Base { public virtual int A { get; set; } } public class In : Base { public override int A => 5; public int B { get; set; } } }

[Action("types, init through generic levels"), Given("""{"a":1,"b":["x"]}""", "A=1 B=[x]"), Given("{}", "A=0 B=[]")]
public class N7 : Shape<N7.In> { public class Top<TA, TB> where TA : struct where TB : class, IEnumerable<string> { public TA A { get; init; } public List<string> B { get; init; } = []; } public class Mid<T> : Top<T, List<string>> where T : struct; public class In : Mid<int>; }

[Action("types, generic class constraint on itself"), Given("""{"a":1}""", "A=1")]
public class N8 : Shape<N8.In> { public abstract class Self<T> where T : Self<T> { public int A { get; init; } } public class In : Self<In>; }

[Action("types, allows ref struct constraint"), Given("""{"a":1}""", "A=1")]
public class N9 : Shape<N9.In<int>> { public class In<T> where T : allows ref struct { public int A { get; init; } } }

[Action("types, default constraint"), Given("""{"a":1}""", "A=1")]
public class N10 : Shape<N10.In<DayOfWeek>> { public class In<T> where T : struct, Enum { public int A { get; init; } } }

[Action("types, nested in struct and interface"), Given("""{"a":1}""", "A=1")]
public class N11 : Shape<N11.I.S.In> { public interface I { public struct S { public record In(int A); } } }

[Action("types, action in an interface"), Given("""{"a":1}""", "A=1")]
public class N12 : Shape<N12.In> { public record In(int A); public interface Holder { [Action("types, held"), Given("""{"a":2}""", "A=2")] public class Held : Shape<In>; } }

[Action("types, pragma names"), Given("""{"#pragma":1,"//":2,"*/":3}""", "A=1 B=2 C=3")]
public class N13 : Shape<N13.In> { public record In([property: JsonPropertyName("#pragma")] int A, [property: JsonPropertyName("//")] int B, [property: JsonPropertyName("*/")] int C); }

[Action("types, documentation with odd signs"), Given("""{"a":1}""", "A=1")]
public class N14 : Shape<N14.In> { /// <summary>"Quote" \n {brace} */ &lt;b&gt; &#x85; end</summary>
    /// <param name="A">It's "A" \ with { and } and {0}</param>
    public record In(int A); }

[Action("types, hidden by method"), Given("""{"a":1}""", "A=1")]
public class N15 : Shape<N15.In> { public class Base { public int A { get; set; } } public class In : Base { public int Set(int a) => a; public int Get() => 1; } }

[Action("types, timespans"), Given("""{"a":"1.02:03:04"}""", "A=1.02:03:04")]
public class N16 : Shape<N16.In> { public record In(TimeSpan A); }

[Action("types, tuple like record"), Given("""{"item1":1,"rest":2}""", "Item1=1 Rest=2")]
public class N17 : Shape<N17.In> { public record In(int Item1, int Rest); }

[Action("types, positional deconstruct and printmembers"), Given("""{"a":1,"equalityContract":2}""", "A=1")]
public class N18 : Shape<N18.In> { public record In(int A) { protected virtual bool PrintMembers(System.Text.StringBuilder b) => false; } }

[Action("types, covariant return override"), Given("""{"b":1}""", "A=x B=1")]
public class N19 : Shape<N19.In> { public class Base { public virtual object A => "y"; public int B { get; set; } } public class In : Base { public override string A => "x"; } }

[Action("types, empty struct"), Given("{}", "")]
public class N20 : Shape<N20.In> { public readonly struct In; }

[Action("types, nullable struct record member"), Given("{}", "A=null"), Given("""{"a":{"x":1}}""", "A=(X=1)")]
public class N21 : Shape<N21.In> { public record struct S(int X); public record In(S? A); }

[Action("types, immutable"), Given("""{"a":["x"]}""", "A=[x]")]
public class N22 : Shape<N22.In> { public record In(System.Collections.Immutable.ImmutableArray<string> A); }

[Action("types, immutable default"), Given("{}", "A=0")]
public class N23 : IAction<N23.In, string> { public record In(System.Collections.Immutable.ImmutableArray<string> A = default); public ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new("A=" + (input.A.IsDefault ? 0 : 1)); }

[Action("types, parsable"), Given("""{"a":"5"}""", "A=5"), Given("{}", "A=0")]
public class N24 : Shape<N24.In> { public readonly struct Money : IParsable<Money> { public int V { get; init; } public static Money Parse(string s, IFormatProvider? p) => new() { V = int.Parse(s, p) }; public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? p, out Money result) { var ok = int.TryParse(s, p, out var v); result = new Money { V = v }; return ok; } public override string ToString() => V.ToString(CultureInfo.InvariantCulture); } public class In { public Money A { get; set; } } }

[Action("types, ref property"), Given("""{"b":1}""", "A=0 B=1")]
public class N25 : IAction<N25.In, string> { public class In { private int _a; public ref int A => ref _a; public int B { get; set; } } public ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new($"A={input.A} B={input.B}"); }
