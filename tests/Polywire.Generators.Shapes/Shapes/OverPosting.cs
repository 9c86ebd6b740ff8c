using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shapes.Support;

#pragma warning disable CS9113, IDE0060

namespace Shapes.OverPosting;

// What a client can set, by kind of member. Each is sent a value for the member that it is about.
[Action("post property"), Given("""{"a":"x"}""", "A=x")]
public class Property : Shape<Property.In> { public class In { public string? A { get; set; } } }

[Action("post init"), Given("""{"a":"x"}""", "A=x")]
public class Init : Shape<Init.In> { public class In { public string? A { get; init; } } }

[Action("post ignored property"), Given("""{"a":true,"b":"x"}""", "A=False B=x")]
public class Ignored : Shape<Ignored.In> { public class In { [JsonIgnore] public bool A { get; set; } public string? B { get; set; } } }

[Action("post ignored init"), Given("""{"a":true}""", "A=False")]
public class IgnoredInit : Shape<IgnoredInit.In> { public class In { [JsonIgnore] public bool A { get; init; } } }

[Action("post ignored positional"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class IgnoredPositional : Shape<IgnoredPositional.In> { public record In(string Name, [property: JsonIgnore] bool IsAdmin = false); }

[Action("post ignored positional, default true"), Given("""{"name":"n","isLocked":false}""", "Name=n IsLocked=True")]
public class IgnoredPositionalTrue : Shape<IgnoredPositionalTrue.In> { public record In(string Name, [property: JsonIgnore] bool IsLocked = true); }

[Action("post ignored positional first"), Given("""{"name":"n","isAdmin":true,"c":3}""", "IsAdmin=False Name=n C=3")]
public class IgnoredPositionalFirst : Shape<IgnoredPositionalFirst.In> { public record In([property: JsonIgnore] bool IsAdmin, string Name, int C = 1); }

[Action("post ignored positional without default"), Given("""{"isAdmin":true,"role":"r","level":5}""", "IsAdmin=False Role=null Level=null")]
public class IgnoredNoDefault : Shape<IgnoredNoDefault.In> { public record In([property: JsonIgnore] bool IsAdmin, [property: JsonIgnore] string? Role, [property: JsonIgnore] int? Level); }

[Action("post ignored field of a positional"), Given("""{"isAdmin":true}""", "IsAdmin=False")]
public class IgnoredField : Shape<IgnoredField.In> { public record In([field: JsonIgnore] bool IsAdmin = false); }

[Action("post ignored in a record struct"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class IgnoredStruct : Shape<IgnoredStruct.In> { public record struct In(string Name, [property: JsonIgnore] bool IsAdmin = false); }

[Action("post ignored in a readonly record struct"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class IgnoredReadonlyStruct : Shape<IgnoredReadonlyStruct.In> { public readonly record struct In(string Name, [property: JsonIgnore] bool IsAdmin = false); }

[Action("post ignored of a primary constructor"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class Primary : Shape<Primary.In>
{
    public class In(string name, bool isAdmin = false) { public string Name { get; } = name; [JsonIgnore] public bool IsAdmin { get; } = isAdmin; }
}

[Action("post ignored of a primary constructor, settable"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class PrimarySet : Shape<PrimarySet.In>
{
    public class In(string name, bool isAdmin = false) { public string Name { get; set; } = name; [JsonIgnore] public bool IsAdmin { get; set; } = isAdmin; }
}

[Action("post ignored of a primary constructor, another name"), Given("""{"name":"n","admin":true,"isAdmin":true}""", "Name=n IsAdmin=False")]
public class PrimaryOther : Shape<PrimaryOther.In>
{
    public class In(string name, bool admin = false) { public string Name { get; } = name; [JsonIgnore] public bool IsAdmin { get; } = admin; }
}

[Action("post ignored of a primary constructor, captured"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class PrimaryCaptured : Shape<PrimaryCaptured.In>
{
    public class In(string name, bool admin = false) { public string Name => name; [JsonIgnore] public bool IsAdmin => admin; }
}

[Action("post ignored field of a primary constructor"), Given("""{"name":"n","admin":true}""", "Name=n Admins=False")]
public class PrimaryField : Shape<PrimaryField.In>
{
    public class In(string name, bool admin = false) { public string Name { get; } = name; [JsonIgnore] public bool Admins = admin; }
}

[Action("post ignored of a struct's primary constructor"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class PrimaryStruct : Shape<PrimaryStruct.In>
{
    public struct In(string name, bool isAdmin = false) { public string Name { get; } = name; [JsonIgnore] public bool IsAdmin { get; } = isAdmin; }
}

[Action("post ignored of a constructor"), Given("""{"name":"n","isAdmin":true}""", "Name=n IsAdmin=False")]
public class Constructor : Shape<Constructor.In>
{
    public class In { public In(string name, bool isAdmin = false) { Name = name; IsAdmin = isAdmin; } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; } }
}

[Action("post ignored of a constructor, another name"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class ConstructorOther : Shape<ConstructorOther.In>
{
    public class In { public In(string name, bool admin = false) { Name = name; this.IsAdmin = admin; } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; } }
}

[Action("post ignored of a constructor, as a tuple"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class ConstructorTuple : Shape<ConstructorTuple.In>
{
    public class In { public In(string name, bool admin = false) => (Name, IsAdmin) = (name, admin); public string Name { get; } [JsonIgnore] public bool IsAdmin { get; } }
}

[Action("post ignored of a constructor that calls another"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False")]
public class ConstructorThis : Shape<ConstructorThis.In>
{
    public class In
    {
        [JsonConstructor] public In(string name, bool admin = false) : this(1, admin) => Name = name;
        public In(int one, bool isAdmin) => IsAdmin = isAdmin;
        public string? Name { get; }
        [JsonIgnore] public bool IsAdmin { get; }
    }
}

[Action("post ignored of a base record"), Given("""{"name":"n","isAdmin":true}""", "IsAdmin=False Name=n")]
public class BaseRecord : Shape<BaseRecord.In> { public record Base([property: JsonIgnore] bool IsAdmin); public record In(string Name, bool IsAdmin = false) : Base(IsAdmin); }

[Action("post ignored of a base class"), Given("""{"a":true,"b":"x"}""", "A=False B=x")]
public class BaseClass : Shape<BaseClass.In> { public class Base { [JsonIgnore] public bool A { get; set; } } public class In : Base { public string? B { get; set; } } }

[Action("post ignored of a base class's constructor"), Given("""{"name":"n","admin":true}""", "IsAdmin=False Name=n")]
public class BasePrimary : Shape<BasePrimary.In>
{
    public class Base(bool isAdmin) { [JsonIgnore] public bool IsAdmin { get; } = isAdmin; }
    public class In(string name, bool admin = false) : Base(admin) { public string Name { get; } = name; }
}

[Action("post ignored of a base class's constructor, named"), Given("""{"name":"n","admin":true}""", "Name=n IsAdmin=False Own=n")]
public class BaseNamed : Shape<BaseNamed.In>
{
    public class Base { public Base(string name, bool isAdmin) { Name = name; IsAdmin = isAdmin; } public string Name { get; } [JsonIgnore] public bool IsAdmin { get; } }
    public class In : Base { public In(string name, bool admin = false) : base(isAdmin: admin, name: name) { Own = name; } public string Own { get; } }
}

[Action("post ignored, overridden"), Given("""{"a":true}""", "A=False")]
public class Overridden : Shape<Overridden.In> { public class Base { [JsonIgnore] public virtual bool A { get; set; } } public class In : Base { public override bool A { get; set; } } }

[Action("post ignored, overridden and let in"), Given("""{"a":true}""", "A=True")]
public class LetIn : Shape<LetIn.In> { public class Base { [JsonIgnore] public virtual bool A { get; set; } } public class In : Base { [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public override bool A { get; set; } } }

[Action("post ignored by the override"), Given("""{"a":true}""", "A=False")]
public class ByOverride : Shape<ByOverride.In> { public class Base { public virtual bool A { get; set; } } public class In : Base { [JsonIgnore] public override bool A { get; set; } } }

[Action("post ignored, hidden by a new one"), Given("""{"a":"x"}""", "A=x")]
public class Hidden : Shape<Hidden.In> { public class Base { [JsonIgnore] public bool A { get; set; } } public class In : Base { public new string? A { get; set; } } }

[Action("post hidden by an ignored one"), Given("""{"a":true}""", "A=null")]
public class HiddenByIgnored : Shape<HiddenByIgnored.In> { public class Base { public bool A { get; set; } } public class In : Base { [JsonIgnore] public new string? A { get; set; } } }

[Action("post ignored, abstract above"), Given("""{"a":true}""", "A=False")]
public class AbstractAbove : Shape<AbstractAbove.In> { public abstract class Base { [JsonIgnore] public abstract bool A { get; set; } } public class In : Base { public override bool A { get; set; } } }

[Action("post condition Always"), Given("""{"a":true}""", "A=False")]
public class Always : Shape<Always.In> { public record In { [JsonIgnore(Condition = JsonIgnoreCondition.Always)] public bool A { get; init; } } }

[Action("post condition Never"), Given("""{"a":true}""", "A=True")]
public class Never : Shape<Never.In> { public record In { [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public bool A { get; init; } } }

[Action("post condition WhenWritingDefault"), Given("""{"a":true}""", "A=True")]
public class WritingDefault : Shape<WritingDefault.In> { public record In { [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool A { get; init; } } }

[Action("post condition WhenWritingNull"), Given("""{"a":"x"}""", "A=x")]
public class WritingNull : Shape<WritingNull.In> { public record In { [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? A { get; init; } } }

[Action("post condition WhenWriting"), Given("""{"a":true}""", "A=True")]
public class Writing : Shape<Writing.In> { public record In { [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)] public bool A { get; init; } } }

[Action("post condition WhenReading"), Given("""{"a":true}""", "A=False")]
public class Reading : Shape<Reading.In> { public record In { [JsonIgnore(Condition = JsonIgnoreCondition.WhenReading)] public bool A { get; init; } } }

[Action("post positional condition Never"), Given("""{"a":true}""", "A=True")]
public class PositionalNever : Shape<PositionalNever.In> { public record In([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool A = false); }

[Action("post positional condition WhenReading"), Given("""{"a":true}""", "A=False")]
public class PositionalReading : Shape<PositionalReading.In> { public record In([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenReading)] bool A = false); }

[Action("post ignored data member"), Given("""{"a":true}""", "A=False")]
public class DataMember : Shape<DataMember.In> { public class In { [IgnoreDataMember] public bool A { get; set; } } }

[Action("post read-only"), Given("""{"a":5}""", "A=1")]
public class ReadOnly : Shape<ReadOnly.In> { public class In { public int A { get; } = 1; } }

[Action("post computed"), Given("""{"a":5}""", "A=1")]
public class Computed : Shape<Computed.In> { public class In { public int A => 1; } }

[Action("post private setter"), Given("""{"a":5}""", "A=0")]
public class PrivateSet : Shape<PrivateSet.In> { public class In { public int A { get; private set; } } }

[Action("post protected setter"), Given("""{"a":5}""", "A=0")]
public class ProtectedSet : Shape<ProtectedSet.In> { public class In { public int A { get; protected set; } } }

[Action("post internal setter"), Given("""{"a":5}""", "A=0")]
public class InternalSet : Shape<InternalSet.In> { public class In { public int A { get; internal set; } } }

[Action("post private init"), Given("""{"a":5}""", "A=0")]
public class PrivateInit : Shape<PrivateInit.In> { public class In { public int A { get; private init; } } }

[Action("post internal property"), Given("""{"a":5}""", "A=0")]
public class Internal : Shape<Internal.In> { public class In { internal int A { get; set; } } }

[Action("post protected internal property"), Given("""{"a":5}""", "A=0")]
public class ProtectedInternal : Shape<ProtectedInternal.In> { public class In { protected internal int A { get; set; } } }

[Action("post private property"), Given("""{"a":5}""", "A=0")]
public class Private : Shape<Private.In> { public class In { private int A { get; set; } } }

[Action("post field"), Given("""{"a":5}""", "A=0")]
public class Field : Shape<Field.In> { public class In { public int A; } }

[Action("post static"), Given("""{"b":5}""", "")]
public class Static : Shape<Static.In> { public class In { public static int B { get; set; } } }

[Action("post included private setter"), Given("""{"a":5}""", "A=0")]
public class IncludedSet : Shape<IncludedSet.In> { public class In { [JsonInclude] public int A { get; private set; } } }

[Action("post included internal property"), Given("""{"a":5}""", "A=0")]
public class IncludedInternal : Shape<IncludedInternal.In> { public class In { [JsonInclude] internal int A { get; set; } } }

[Action("post included field"), Given("""{"a":5}""", "A=0")]
public class IncludedField : Shape<IncludedField.In> { public class In { [JsonInclude] public int A; } }

[Action("post explicit member of an interface"), Given("""{"a":5}""", "B=0")]
public class Explicit : Shape<Explicit.In> { public interface IHas { int A { get; set; } } public class In : IHas { int IHas.A { get => B; set => B = value; } internal int B { get; set; } } }

[Action("post extension data"), Given("""{"rest":{"x":1},"y":2,"b":3}""", "Rest=null B=3")]
public class Rest : Shape<Rest.In> { public class In { [JsonExtensionData] public Dictionary<string, JsonElement>? Rest { get; set; } public int B { get; set; } } }

[Action("post members of Exception"), Given("""{"a":"x","hResult":5,"helpLink":"h","source":"s"}""", "A=x")]
public class OfException : Shape<OfException.In> { public class In : Exception { public string? A { get; set; } } }

[Action("post members of EventArgs"), Given("""{"a":"x"}""", "A=x")]
public class OfEventArgs : Shape<OfEventArgs.In> { public class In : EventArgs { public string? A { get; set; } } }

[Action("post members of Attribute"), Given("""{"a":"x","typeId":"t"}""", "A=x")]
public class OfAttribute : Shape<OfAttribute.In> { public class In : Attribute { public string? A { get; set; } } }

[Action("post members of MarshalByRefObject's kind"), Given("""{"a":"x","position":5,"readTimeout":1,"capacity":100000000}""", "A=x")]
public class OfStream : Shape<OfStream.In> { public class In : MemoryStream { public string? A { get; set; } public override long Position { get => 0; set => throw new InvalidOperationException(); } public override int Capacity { get => 0; } }
    public override ValueTask<string> RunAsync(In input, ActionContext context, CancellationToken cancellationToken) => new("A=" + input.A); }

[Action("post ignored in a nested record"), Given("""{"n":{"a":true,"b":1}}""", "N=(A=False B=1)")]
public class Nested : Shape<Nested.In> { public record Inner([property: JsonIgnore] bool A = false, int B = 0); public record In(Inner N); }

[Action("post ignored in records of a list"), Given("""{"n":[{"a":true,"b":1},{"b":2}]}""", "N=[(A=False B=1), (A=False B=2)]")]
public class NestedList : Shape<NestedList.In> { public record Inner([property: JsonIgnore] bool A = false, int B = 0); public record In(Inner[] N); }

[Action("post ignored in a generic record"), Given("""{"a":true,"b":1}""", "A=False B=1")]
public class Generic : Shape<Generic.In<int>> { public record In<T>([property: JsonIgnore] bool A, T B); }

[Action("post ignored of another project"), Given("""{"name":"n","isAdmin":true,"secret":"s"}""", "Name=n IsAdmin=False Secret=null")]
public class OfOther : Shape<Contracts.IgnoredHere>;
