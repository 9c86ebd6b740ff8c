using System.Collections;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shapes.Support;

namespace Shapes.Collections;

[Action("list of its own"), Given("""{"a":["x","y"]}""", "A=[x, y]"), Refused("""{"a":{"capacity":100000000}}""", "Input for parameter \"a\" failed validation!"), Given("{}", "A=null")]
public class OwnList : Shape<OwnList.In> { public class Tags : List<string>; public record In(Tags? A = null); }

[Action("dictionary of its own"), Given("""{"a":{"x":"1","y":"2"}}""", "A={x: 1, y: 2}"), Refused("""{"a":["x"]}""", "Input for parameter \"a\" failed validation!")]
public class OwnDictionary : Shape<OwnDictionary.In> { public class Headers : Dictionary<string, string>; public record In(Headers A); }

[Action("dictionary that ignores case"), Given("""{"a":{"x":1,"X":2}}""", "A={x: 2}")]
public class CaselessDictionary : Shape<CaselessDictionary.In> { public class Headers() : Dictionary<string, int>(StringComparer.OrdinalIgnoreCase); public record In(Headers A); }

[Action("set of its own"), Given("""{"a":[1,2,1]}""", "A=[1, 2]")]
public class OwnSet : Shape<OwnSet.In> { public class Numbers : HashSet<int>; public record In(Numbers A); }

[Action("collection of its own"), Given("""{"a":[1,2]}""", "A=[2, 4]")]
public class OwnCollection : Shape<OwnCollection.In> { public class Doubled : Collection<int> { protected override void InsertItem(int index, int item) => base.InsertItem(index, item * 2); } public record In(Doubled A); }

[Action("list with members beside"), Given("""{"a":[1]}""", "A=[1]")]
public class ListWithMembers : Shape<ListWithMembers.In> { public class Numbers : List<int> { public string? Name { get; set; } } public record In(Numbers A); }

[Action("list of records of its own"), Given("""{"a":[{"x":1},{"x":2}]}""", "A=[(X=1), (X=2)]"), Refused("""{"a":[{"x":1},{}]}""", "a.1.x is a required parameter for this action")]
public class OwnListOfRecords : Shape<OwnListOfRecords.In> { public record Item(int X); public class Items : List<Item>; public record In(Items A); }

[Action("list of a list of its own"), Given("""{"a":[["x"],[]]}""", "A=[[x], []]")]
public class ListOfOwn : Shape<ListOfOwn.In> { public class Tags : List<string>; public record In(List<Tags> A); }

[Action("list from scratch"), Given("""{"a":[1,2]}""", "A=[1, 2]")]
public class Scratch : Shape<Scratch.In>
{
    public class Bag : ICollection<int>
    {
        private readonly List<int> _all = [];
        public int Count => _all.Count;
        public bool IsReadOnly => false;
        public void Add(int item) => _all.Add(item);
        public void Clear() => _all.Clear();
        public bool Contains(int item) => _all.Contains(item);
        public void CopyTo(int[] array, int arrayIndex) => _all.CopyTo(array, arrayIndex);
        public IEnumerator<int> GetEnumerator() => _all.GetEnumerator();
        public bool Remove(int item) => _all.Remove(item);
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public record In(Bag A);
}

[Action("list of its own, limited"), Given("""{"a":["x"]}""", "A=[x]"), Refused("""{"a":["x","y","z"]}""", "The field a must be a string or array type with a maximum length of '2'.")]
public class OwnListLimited : Shape<OwnListLimited.In> { public class Tags : List<string>; public record In([property: MaxLength(2)] Tags A); }

[Action("list of another project"), Given("""{"a":["x"]}""", "A=[x]")]
public class OtherList : Shape<OtherList.In> { public record In(Contracts.Tags A); }

[Action("generic list of its own"), Given("""{"a":[1],"b":["x"]}""", "A=[1] B=[x]")]
public class GenericList : Shape<GenericList.In> { public class Many<T> : List<T>; public record In(Many<int> A, Many<string> B); }

[Action("arrays"), Given("""{"a":[1,2],"b":["x",null],"c":[[1],[2,3]],"d":"AQI="}""", "A=[1, 2] B=[x, null] C=[[1], [2, 3]] D=[1, 2]")]
public class Arrays : Shape<Arrays.In> { public record In(int[] A, string?[] B, int[][] C, byte[] D); }

[Action("arrays of nullables"), Given("""{"a":[1,null],"b":[null]}""", "A=[1, null] B=[null]")]
public class NullableArrays : Shape<NullableArrays.In> { public record In(int?[] A, DayOfWeek?[] B); }

[Action("array without null"), Refused("""{"a":["x",null]}""", "Input for parameter \"a\" failed validation!")]
public class NoNull : Shape<NoNull.In> { public record In(string[] A); }

[Action("lists"), Given("""{"a":[1],"b":[2],"c":[3],"d":[4],"e":[5],"f":[6],"g":[7]}""", "A=[1] B=[2] C=[3] D=[4] E=[5] F=[6] G=[7]")]
public class Lists : Shape<Lists.In> { public record In(List<int> A, IList<int> B, ICollection<int> C, IReadOnlyList<int> D, IReadOnlyCollection<int> E, IEnumerable<int> F, ImmutableArray<int> G); }

[Action("dictionaries"), Given("""{"a":{"x":1},"b":{"x":2},"c":{"x":[3]}}""", "A={x: 1} B={x: 2} C={x: [3]}")]
public class Dictionaries : Shape<Dictionaries.In> { public record In(Dictionary<string, int> A, IReadOnlyDictionary<string, int> B, IDictionary<string, int[]> C); }

[Action("dictionary of records"), Given("""{"a":{"x":{"n":1}}}""", "A={x: (N=1)}"), Refused("""{"a":{"x":{}}}""", "a.x.n is a required parameter for this action")]
public class DictionaryOfRecords : Shape<DictionaryOfRecords.In> { public record Item(int N); public record In(Dictionary<string, Item> A); }

[Action("json"), Given("""{"a":{"x":1},"b":[1],"c":2,"d":{"y":[]},"e":"s"}""", """A={"x":1} B=[1] C=2 D={"y":[]} E=s""")]
public class Json : Shape<Json.In>
{
    public record In(JsonElement A, JsonArray B, JsonNode C, JsonObject D, object E);
    public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) =>
        new($"A={input.A} B={input.B.ToJsonString()} C={input.C.ToJsonString()} D={input.D.ToJsonString()} E={input.E}");
}

[Action("tree"), Given("""{"a":{"v":1,"kids":[{"v":2,"kids":[]}]}}""", "A=(V=1 Kids=[(V=2 Kids=[])])")]
public class Tree : Shape<Tree.In> { public record Node(int V) { public Node[] Kids { get; init; } = []; } public record In(Node A); }

[Action("record that is a sequence"), Given("""{"from":1,"to":3}""", "From=1 To=3")]
public class Sequence : Shape<Sequence.In>
{
    public record In(int From, int To) : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator() => Enumerable.Range(From, To).GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
