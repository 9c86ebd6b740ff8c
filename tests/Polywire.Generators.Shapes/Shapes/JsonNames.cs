using System.Text.Json;
using System.Text.Json.Serialization;
using Shapes.Support;

#pragma warning disable PW0020 // Told, and shown here to do nothing.

namespace Shapes.JsonAttributes;

[Action("json name"), Given("""{"other":1,"a":2}""", "A=1"), Refused("""{"a":2}""", "other is a required parameter for this action")]
public class Name : Shape<Name.In> { public record In([property: JsonPropertyName("other")] int A); }

[Action("json name of a property"), Given("""{"x-y":1,"a":2}""", "A=1")]
public class PropertyName : Shape<PropertyName.In> { public class In { [JsonPropertyName("x-y")] public int A { get; init; } } }

[Action("json name with odd characters"), Given("{\"\\\"\\n\\u2028\\ud83d\\ude00\":1}", "A=1")]
public class OddName : Shape<OddName.In> { public class In { [JsonPropertyName("\"\n\u2028\ud83d\ude00")] public int A { get; set; } } }

[Action("json names that swap"), Given("""{"a":1,"b":2}""", "A=2 B=1")]
public class Swap : Shape<Swap.In> { public class In { [JsonPropertyName("b")] public int A { get; set; } [JsonPropertyName("a")] public int B { get; set; } } }

[Action("json names that differ by case"), Given("""{"a":1,"A":2}""", "X=1 Y=2")]
public class Case : Shape<Case.In> { public class In { [JsonPropertyName("a")] public int X { get; set; } [JsonPropertyName("A")] public int Y { get; set; } } }

[Action("json name on an override"), Given("""{"o":1}""", "A=1")]
public class OverrideName : Shape<OverrideName.In> { public class Base { public virtual int A { get; set; } } public class In : Base { [JsonPropertyName("o")] public override int A { get; set; } } }

[Action("json order"), Given("""{"a":1,"b":2}""", "A=1 B=2")]
public class Order : Shape<Order.In> { public class In { [JsonPropertyOrder(2)] public int A { get; set; } [JsonPropertyOrder(1)] public int B { get; set; } } }

[Action("json constructor"), Given("""{"a":1}""", "A=1 By=second"), Refused("{}", "a is a required parameter for this action")]
public class Marked : Shape<Marked.In> { public class In { public In() { By = "first"; } [JsonConstructor] public In(int a) { A = a; By = "second"; } public int A { get; } public string By { get; } } }

[Action("json constructor, internal"), Given("""{"a":1}""", "A=1 By=second")]
public class MarkedInternal : Shape<MarkedInternal.In> { public class In { public In() { By = "first"; } [JsonConstructor] internal In(int a) { A = a; By = "second"; } public int A { get; } public string By { get; } } }

[Action("json constructor of a struct"), Given("""{"a":1}""", "A=1 B=second")]
public class MarkedStruct : Shape<MarkedStruct.In> { public struct In { [JsonConstructor] public In(int a) { A = a; B = "second"; } public int A { get; } public string B { get; } } }

[Action("json constructor of a record"), Given("""{"a":1}""", "A=1 B=b")]
public class MarkedRecord : Shape<MarkedRecord.In> { public record In(int A, string B) { [JsonConstructor] public In(int a) : this(a, "b") { } } }

[Action("several constructors, one plain"), Given("""{"a":1}""", "A=1")]
public class Plain : Shape<Plain.In> { public class In { public In() { } public In(int a) { A = a + 100; } public int A { get; set; } } }

[Action("json enum names"), Given("""{"a":"one-two"}""", "A=OneTwo"), Refused("""{"a":"OneTwo"}""", "Input for parameter \"a\" failed validation!")]
public class EnumNames : Shape<EnumNames.In> { public enum E { [JsonStringEnumMemberName("one-two")] OneTwo, Other } public record In(E A); }

[Action("json enum converter"), Given("""{"a":"other"}""", "A=Other")]
public class EnumConverter : Shape<EnumConverter.In> { [JsonConverter(typeof(JsonStringEnumConverter<E>))] public enum E { One, Other } public record In([property: JsonConverter(typeof(JsonStringEnumConverter))] E A); }

[Action("json converter"), Given("""{"a":{"x":1}}""", "A=(X=1)")]
public class Converter : Shape<Converter.In>
{
    public class Never : JsonConverter<Inner> { public override Inner Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => throw new JsonException(); public override void Write(Utf8JsonWriter w, Inner v, JsonSerializerOptions o) { } }
    [JsonConverter(typeof(Never))] public record Inner(int X);
    public record In(Inner A);
}

[Action("json number handling"), Given("""{"a":"5","b":6}""", "A=5 B=6")]
public class NumberHandling : Shape<NumberHandling.In> { public class In { [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] public int A { get; set; } [JsonNumberHandling(JsonNumberHandling.Strict)] public int B { get; set; } } }

[Action("json populate"), Given("""{"a":[2]}""", "A=[2]")]
public class Populate : Shape<Populate.In> { public class In { [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)] public List<int> A { get; set; } = [1]; } }

[Action("json unmapped"), Given("""{"a":1,"b":2}""", "A=1")]
public class Unmapped : Shape<Unmapped.In> { [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] public class In { public int A { get; set; } } }

[Action("json derived"), Given("""{"a":{"$type":"d","x":1,"y":2}}""", "A=(X=1)")]
public class DerivedType : Shape<DerivedType.In> { [JsonPolymorphic, JsonDerivedType(typeof(D), "d")] public class B { public int X { get; set; } } public class D : B { public int Y { get; set; } } public record In(B A); }
