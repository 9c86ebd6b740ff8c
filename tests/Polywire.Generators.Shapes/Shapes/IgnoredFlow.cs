using System.Text.Json.Serialization;
using Shapes.Support;

namespace Shapes.IgnoredFlow;

// What a constructor does with a parameter that no property is called after, before it ends in a member that clients may not set.
[Action("flow base ignored set by derived body"), Given("""{"name":"n","admin":true}""", "IsAdmin=False Name=n")]
public class P1 : Shape<P1.In> { public class Base { [JsonIgnore] public bool IsAdmin { get; protected set; } } public class In : Base { public In(string name, bool admin = false) { Name = name; IsAdmin = admin; } public string Name { get; } } }

[Action("flow base internal ignored set by derived body"), Given("""{"name":"n","isAdmin":true}""", "IsAdmin=False Name=n")]
public class P2 : Shape<P2.In> { public class Base { [JsonIgnore] internal bool IsAdmin { get; set; } } public class In : Base { public In(string name, bool isAdmin = false) { Name = name; IsAdmin = isAdmin; } public string Name { get; } } }

[Action("flow ignored by local"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class P3 : Shape<P3.In> { public class In { public In(string name, bool admin = false) { Name = name; var a = admin; IsAdmin = a; } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; } } }

[Action("flow ignored by if"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class P4 : Shape<P4.In> { public class In { public In(string name, bool admin = false) { Name = name; if (admin) { IsAdmin = true; } } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; } } }

[Action("flow ignored by helper"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class P5 : Shape<P5.In> { public class In { public In(string name, bool admin = false) { Name = name; Init(admin); } private void Init(bool x) => IsAdmin = x; public string Name { get; } [JsonIgnore] public bool IsAdmin { get; private set; } } }

[Action("flow ignored over a field"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class P6 : Shape<P6.In> { public class In { private readonly bool _admin; public In(string name, bool admin = false) { Name = name; _admin = admin; } public string Name { get; } [JsonIgnore] public bool IsAdmin => _admin; } }

[Action("flow ignored over a field of a primary constructor"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class P7 : Shape<P7.In> { public class In(string name, bool admin = false) { private readonly bool _admin = admin; public string Name { get; } = name; [JsonIgnore] public bool IsAdmin => _admin; } }

[Action("flow redeclared positional"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class P8 : Shape<P8.In> { public record In(string Name, bool IsAdmin = false) { [JsonIgnore] public bool IsAdmin { get; init; } = IsAdmin; } }

[Action("flow ignored on the base of a positional override"), Given("""{"name":"n","isAdmin":true}""", "IsAdmin=False Name=n")]
public class P9 : Shape<P9.In> { public abstract record Base { [JsonIgnore] public abstract bool IsAdmin { get; init; } } public record In(string Name, bool IsAdmin = false) : Base { public override bool IsAdmin { get; init; } = IsAdmin; } }

[Action("flow alias of an ignored"), Given("""{"role":"x"}""", "Role=x IsAdmin=False")]
public class P10 : Shape<P10.In> { public class In { public string? Role { get; set; } [JsonPropertyName("role2"), JsonIgnore] public bool IsAdmin { get; set; } } }

[Action("flow guards are no flow"), Given("""{"name":"n","size":3}""", "Name=n Skip=0"), Given("""{"name":"n"}""", "Name=n Skip=0")]
public class Guards : Shape<Guards.In> { public class In { public In(string name, int size = 1) { ArgumentOutOfRangeException.ThrowIfNegative(size); if (size > 9) { throw new ArgumentException("size"); } Name = name; } public string Name { get; } [JsonIgnore] public int Skip { get; set; } } }

[Action("flow a public member ends it"), Given("""{"first":"n"}""", "Name=n Upper=N")]
public class Ends : Shape<Ends.In> { public class In { public In(string first) { Name = first; } public string Name { get; } [JsonIgnore] public string Upper => Name.ToUpperInvariant(); } }

[Action("flow by an early end"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class Early : Shape<Early.In> { public class In { public In(string name, bool admin = false) { Name = name; if (!admin) { return; } IsAdmin = true; } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; } } }

[Action("flow by out"), Given("""{"name":"n","role":"1"}""", "Name=n Level=0")]
public class Out : Shape<Out.In> { public class In { private readonly int _level; public In(string name, string role = "") { Name = name; _ = int.TryParse(role, out _level); } public string Name { get; } [JsonIgnore] public int Level => _level; } }

[Action("flow over a local function"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class LocalFunction : Shape<LocalFunction.In> { public class In { public In(string name, bool admin = false) { Name = name; void Set() { IsAdmin = admin; } Set(); } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; set; } } }

[Action("flow by switch"), Given("""{"name":"n","admin":1}""", "Name=n IsAdmin=False")]
public class Switch : Shape<Switch.In> { public class In { public In(string name, int admin = 0) { Name = name; switch (admin) { case 1: IsAdmin = true; break; } } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; set; } } }
