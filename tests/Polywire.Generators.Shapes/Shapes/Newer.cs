using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Shapes.Support;

namespace Shapes.Newer;

// What C# 13 and 14 brought.
[Action("partial property"), Given("{}", "A=x"), Given("""{"a":"y"}""", "A=y")]
public class PartialProperty : Shape<PartialProperty.In>
{
    public partial class In { public partial string A { get; set; } }
    public partial class In { private string _a = "x"; public partial string A { get => _a; set => _a = value; } }
}

[Action("partial property that is ignored"), Given("""{"a":true}""", "A=False")]
public class PartialIgnored : Shape<PartialIgnored.In>
{
    public partial class In { public partial bool A { get; set; } }
    public partial class In { private bool _a; [JsonIgnore] public partial bool A { get => _a; set => _a = value; } }
}

[Action("partial property with init"), Given("{}", "A=5"), Given("""{"a":1}""", "A=1")]
public class PartialInit : Shape<PartialInit.In>
{
    public partial class In { public partial int A { get; init; } }
    public partial class In { private int _a = 5; public partial int A { get => _a; init => _a = value; } }
}

[Action("partial property, checked"), Refused("""{"a":9}""", "The field a must be between 1 and 5."), Given("{}", "A=5")]
public class PartialChecked : Shape<PartialChecked.In>
{
    public partial class In { [Range(1, 5)] public partial int A { get; set; } }
    public partial class In { private int _a = 5; public partial int A { get => _a; set => _a = value; } }
}

[Action("field word"), Given("{}", "A=5"), Given("""{"a":50}""", "A=9")]
public class FieldWord : Shape<FieldWord.In> { public class In { public int A { get; set => field = Math.Min(value, 9); } = 5; } }

[Action("field word, not run for the default"), Given("{}", "A=50"), Given("""{"a":50}""", "A=9")]
public class FieldWordDefault : Shape<FieldWordDefault.In> { public class In { public int A { get; init => field = Math.Min(value, 9); } = 50; } }

[Action("field word, made late"), Given("{}", "A=late"), Given("""{"a":"x"}""", "A=x")]
public class FieldLate : Shape<FieldLate.In> { public class In { [AllowNull] public string A { get => field ??= "late"; set; } } }

[Action("partial constructor"), Given("{}", "A=5"), Given("""{"a":1}""", "A=1")]
public class PartialConstructor : Shape<PartialConstructor.In>
{
    public partial class In { public partial In(); public int A { get; set; } }
    public partial class In { public partial In() { A = 5; } }
}

[Action("partial record"), Given("""{"a":1}""", "A=1 B=2"), Given("""{"a":1,"b":3}""", "A=1 B=3")]
public partial class PartialRecord : Shape<PartialRecord.In>
{
    public partial record In(int A);
    public partial record In { public int B { get; init; } = 2; }
}

[Action("params parameter"), Given("""{"a":["x","y"]}""", "A=xy")]
public class Params : Shape<Params.In> { public class In(params string[] a) { public string A { get; } = string.Concat(a); } }
