using System.ComponentModel.DataAnnotations;
using Shapes.Support;

namespace Shapes.Names
{
    [Action("keywords"), Given("""{"class":1,"event":"x","namespace":true,"int":2,"default":3,"this":4}""", "class=1 event=x namespace=True int=2 default=3 this=4")]
    public class Keywords : Shape<Keywords.In> { public class In { public int @class { get; init; } public string? @event { get; set; } public bool @namespace { get; set; } public int @int { get; set; } public int @default { get; init; } public int @this { get; set; } } }

    [Action("keywords as parameters"), Given("""{"class":1,"event":"x","params":3}""", "class=1 event=x params=3")]
    public class KeywordParameters : Shape<KeywordParameters.In> { public record In(int @class, string @event, int @params = 2); }

    [Action("contextual keywords"), Given("""{"var":1,"record":2,"value":3,"field":4,"get":5,"async":6,"await":7,"nameof":8,"with":9,"scoped":10,"required":11,"file":null}""", "var=1 record=2 value=3 field=4 get=5 async=6 await=7 nameof=8 with=9 scoped=10 required=11")]
    public class Contextual : Shape<Contextual.In> { public class In { public int var { get; set; } public int record { get; init; } public int value { get; set; } public int field { get; set; } public int get { get; init; } public int async { get; set; } public int await { get; set; } public int nameof { get; set; } public int with { get; set; } public int scoped { get; set; } public int required { get; set; } } }

    [Action("names that generated code has"), Given("""{"reader":1,"result":2,"context":3,"services":4,"elements":5,"text":6,"initial":7,"target":8,"builder":9}""", "reader=1 result=2 context=3 services=4 elements=5 text=6 initial=7 target=8 builder=9")]
    public class OwnNames : Shape<OwnNames.In> { public class In { public int reader { get; init; } public int result { get; set; } public int context { get; set; } public int services { get; set; } public int elements { get; set; } public int text { get; set; } public int initial { get; set; } public int target { get; init; } public int builder { get; set; } } }

    [Action("figures at the end"), Given("""{"a1":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"a":11}""", "A1=1 B=2 C=3 D=4 E=5 F=6 G=7 H=8 I=9 J=10 A=11")]
    public class Figures : Shape<Figures.In> { public record In(int A1, int B, int C, int D, int E, int F, int G, int H, int I, int J, int A); }

    [Action("underscores"), Given("""{"_a":1,"a_":2,"a_0":3,"__":4,"a_b":5}""", "_a=1 A_=2 A_0=3 __=4 a_b=5")]
    public class Underscores : Shape<Underscores.In> { public class In { public int _a { get; set; } public int A_ { get; init; } public int A_0 { get; set; } public int __ { get; init; } public int a_b { get; set; } } }

    [Action("letters of all kinds"), Given("""{"größe":1,"имя":"x","名前":2,"ñ":3,"µ":4}""", "Größe=1 Имя=x 名前=2 ñ=3 µ=4")]
    public class Größen : Shape<Größen.Eingabe> { public record Eingabe(int Größe, string Имя, int 名前, int ñ = 0) { public int µ { get; init; } } }

    [Action("letters that have no lower case alike"), Given("""{"ǅ":1,"ß":2}""", "ǅ=1 ß=2")]
    public class Odd : Shape<Odd.In> { public class In { public int ǅ { get; set; } public int ß { get; init; } } }

    [Action("capitals"), Given("""{"id":1,"url":"u","htmlName":"h","ioStream":"s","a":2,"userID":3,"xAxis":4}""", "ID=1 URL=u HTMLName=h IOStream=s A=2 UserID=3 XAxis=4")]
    public class Capitals : Shape<Capitals.In> { public record In(int ID, string URL, string HTMLName, string IOStream, int A, int UserID, int XAxis); }

    [Action("types that differ by case"), Given("""{"a":{"x":1},"b":{"y":2}}""", "A=(X=1) B=(Y=2)")]
    public class ByCase : Shape<ByCase.In> { public record Item(int X); public record ITEM(int Y); public record In(Item A, ITEM B); }

    [Action("a long name"), Given("""{"a":{"x":1}}""", "A=(X=1)")]
    public class LongName : Shape<LongName.In> { public record AnInputWhoseNameIsMuchLongerThanAnybodyWouldWriteByHandButWhichAToolThatMakesTypesFromADocumentMayWellWriteWithoutAnyThoughtOfTheFilesThatOtherToolsMakeOfIt(int X); public record In(AnInputWhoseNameIsMuchLongerThanAnybodyWouldWriteByHandButWhichAToolThatMakesTypesFromADocumentMayWellWriteWithoutAnyThoughtOfTheFilesThatOtherToolsMakeOfIt A); }

    [Action("a long member"), Given("""{"anInputWhoseNameIsMuchLongerThanAnybodyWouldWriteByHandButWhichAToolThatMakesTypesFromADocumentMayWellWrite":1}""", "AnInputWhoseNameIsMuchLongerThanAnybodyWouldWriteByHandButWhichAToolThatMakesTypesFromADocumentMayWellWrite=1")]
    public class LongMember : Shape<LongMember.In> { public class In { [Range(0, 9)] public int AnInputWhoseNameIsMuchLongerThanAnybodyWouldWriteByHandButWhichAToolThatMakesTypesFromADocumentMayWellWrite { get; init; } } }

    [Action("a name \"with\" <odd>\n\u2028 characters & \ud83d\ude00"), Given("{}", "")]
    public class OddAction : Shape<OddAction.In> { public record In; }

    [Action("class"), Given("{}", "")]
    public class @class : Shape<@class.@event> { public record @event; }

    [Action("nested deep"), Given("""{"a":1}""", "A=1")]
    public class Deep : Shape<Deep.B.C.D.In> { public class B { public static class C { public struct D { public record In(int A); } } } }

    [Action("several page types"), Given("""{"a":{"items":[1]},"b":{"items":["x",null]},"c":{"items":["y"]},"d":{"items":[{"items":[2]}]}}""", "A=(Items=[1]) B=(Items=[x, null]) C=(Items=[y]) D=(Items=[(Items=[2])])")]
    public class Pages : Shape<Pages.In> { public record Page<T>(T[] Items); public record In(Page<int> A, Page<string?> B, Page<string> C, Page<Page<int>> D); }

    [Action("arities"), Given("""{"a":{"x":1,"y":"s"},"b":{"x":{"x":2}}}""", "A=(X=1 Y=s) B=(X=(X=2))")]
    public class Arities : Shape<Arities.In> { public record Pair<T>(T X); public record Pair<TX, TY>(TX X, TY Y); public record In(Pair<int, string> A, Pair<Pair<int>> B); }
}

namespace Shapes.Joined
{
    // Namespaces and names that read the same once they are joined.
    [Action("joined"), Given("""{"p":{"x":1},"q":{"y":2},"r":{"z":3}}""", "P=(X=1) Q=(Y=2) R=(Z=3)")]
    public class Joined : Shape<Joined.In> { public record In(A_B.C P, A.B_C Q, A.B.C R); }

    public class A_B { public record C(int X); }

    public class A { public record B_C(int Y); public class B { public record C(int Z); } }

    [Action("joined underscores"), Given("""{"p":{"x":1},"q":{"y":2}}""", "P=(X=1) Q=(Y=2)")]
    public class Underscored : Shape<Underscored.In> { public record In(A_.B P, A._B Q); public class A_ { public record B(int X); } public class A { public record _B(int Y); } }

    [Action("joined arguments"), Given("""{"p":{"x":1},"q":{"y":2}}""", "P=(X=1) Q=(Y=2)")]
    public class Arguments : Shape<Arguments.In> { public record Page<T>(T X); public class Page { public class of { public record Int32(int Y); } } public record In(Page<int> P, Page.of.Int32 Q); }

    [Action("joined lists"), Given("""{"p":[{"x":1}],"q":{"y":2},"r":[{"y":3}]}""", "P=[(X=1)] Q=(Y=2) R=[(Y=3)]")]
    public class Lists : Shape<Lists.In> { public record In(List<global::JoinedItem> P, global::ListOf.JoinedItem Q, List<global::ListOf.JoinedItem> R); }

    [Action("joined nullables"), Given("""{"p":["Monday",null],"q":[{"y":2}]}""", "P=[Monday, null] Q=[(Y=2)]")]
    public class Nullables : Shape<Nullables.In> { public record In(DayOfWeek?[] P, global::NullableOf.DayOfWeek[] Q); }

    [Action("joined binders"), Given("""{"p":{"x":1},"q":{"y":2},"r":{"z":3}}""", "P=(X=1) Q=(Y=2) R=(Z=3)")]
    public class Binders : Shape<Binders.In> { public record In(global::JoinedItem P, global::Bind.JoinedItem Q, global::To.JoinedItem R); }
}

namespace ListOf { public record JoinedItem(int Y); }

namespace NullableOf { public record DayOfWeek(int Y); }

namespace Bind { public record JoinedItem(int Y); }

namespace To { public record JoinedItem(int Z); }

public record JoinedItem(int X);

namespace Polywire_Generators_Shapes
{
    // Reads like the generated class.
    [Action("named like the generated class"), Given("""{"a":1}""", "A=1")]
    public class Actions : Shapes.Support.Shape<Inputs>;

    public record Inputs(int A);
}

[Action("in the global namespace"), Given("""{"a":1}""", "A=1")]
public class GlobalAction : Shape<GlobalAction.In> { public record In(int A); }

[Action("named like a generated method"), Given("""{"a":1}""", "A=1")]
public class AddMiddleware : Shape<AddMiddleware.In> { public record In(int A); }
