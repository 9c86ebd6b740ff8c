extern alias generators;

using Microsoft.CodeAnalysis;
using Shouldly;
using Xunit;
using VerbTable = generators::Polywire.Doors.VerbTable;

namespace Polywire.Generators.Tests;

public sealed class DiagnosticTests
{
    public static TheoryData<string, string, string> Faults => new()
    {
        { "PW0001", """[Action("a")] public class A : Does<Nothing>; [Action("a", Version = 1)] public class B : Does<Nothing>;""", "Action 'a' version 1 is already defined by A" },
        { "PW0001", """[Action("a", Version = 2)] public class A : Does<Nothing>; [Action("a", TextVersion = "2")] public class B : Does<Nothing>;""", "Action 'a' version 2 is already defined by A" },
        { "PW0002", """[Action("roomAdd")] public class A : Does<Nothing>;""", "'roomAdd' is a reserved verb for connections; choose another name" },
        { "PW0002", """[Action("file")] public class A : Does<Nothing>;""", "'file' is a reserved verb for connections; choose another name" },
        { "PW0003", """[Action("")] public class A : Does<Nothing>;""", "A needs a name that is not empty" },
        { "PW0003", """[Action(null!)] public class A : Does<Nothing>;""", "A needs a name that is not empty" },
        { "PW0003", """[Action("a", TextVersion = " ")] public class A : Does<Nothing>;""", "A needs a version that is not empty" },
        { "PW0004", Input("public string? File { get; init; }"), "Input 'file' of In is a reserved param" },
        { "PW0004", Input("""[System.Text.Json.Serialization.JsonPropertyName("messageId")] public string? X { get; init; }"""), "Input 'messageId' of In is a reserved param" },
        { "PW0004", """public record In(string Callback); [Action("a")] public class A : Does<In>;""", "Input 'callback' of In is a reserved param" },
        { "PW0005", Input("public Stream? X { get; init; }"), "'X' of In cannot be bound: 'Stream' is abstract" },
        { "PW0005", Input("public MemoryStream? X { get; init; }"), "'X' of In cannot be bound: values of type 'MemoryStream' cannot be made from params" },
        { "PW0005", Input("public IDisposable? X { get; init; }"), "'X' of In cannot be bound: 'IDisposable' is an interface" },
        { "PW0005", Input("public Action? X { get; init; }"), "'X' of In cannot be bound: 'Action' is a delegate" },
        { "PW0005", Input("public unsafe int* X { get; init; }"), "'X' of In cannot be bound: values of type 'int*' cannot be made from params" },
        { "PW0005", Input("public int[,]? X { get; init; }"), "'X' of In cannot be bound: arrays of more than one dimension cannot be made from params" },
        { "PW0005", Input("public (int A, int B) X { get; init; }"), "'X' of In cannot be bound: the elements of a tuple have no names on the wire" },
        { "PW0005", Input("public Dictionary<int, string>? X { get; init; }"), "'X' of In cannot be bound: the keys of a dictionary must be strings" },
        { "PW0005", Input("public List<Stream>? X { get; init; }"), "'X' of In cannot be bound: 'Stream' is abstract" },
        { "PW0005", Input("public dynamic? X { get; init; }"), "'X' of In cannot be bound: values of type 'dynamic' cannot be made from params" },
        { "PW0005", Input("public Task? X { get; init; }"), "'X' of In cannot be bound: values of type 'Task' cannot be made from params" },
        { "PW0017", """public class In<T> { public In<List<T>>? X { get; init; } } [Action("a")] public class A : Does<In<int>>;""", "In<T> cannot be made from inputs: its type arguments go too deep, perhaps without end" },
        { "PW0017", """public record In<T>(In<T[]>? X, List<In<In<T>>>? Y); [Action("a")] public class A : Does<In<int>>;""", "In<T> cannot be made from inputs: its type arguments go too deep, perhaps without end" },
        { "PW0005", """[Action("a")] public class A : Does<int>;""", "'the input' of A cannot be bound: 'int' is no type with members" },
        { "PW0005", """[Action("a")] public class A : Does<ICloneable>;""", "'the input' of A cannot be bound: 'ICloneable' is an interface" },
        { "PW0006", """[Action("a")] public class A : Does<Nothing>, IAction<int> { public ValueTask<int> RunAsync(ActionContext c, CancellationToken t) => new(1); }""", "A must implement IAction<TInput, TOutput> or IAction<TOutput> exactly once" },
        { "PW0006", """[Action("a")] public class A;""", "A must implement IAction<TInput, TOutput> or IAction<TOutput> exactly once" },
        { "PW0006", """[Action("a")] public class A : Does<Nothing>, IAction<Nothing, int> { ValueTask<int> IAction<Nothing, int>.RunAsync(Nothing i, ActionContext c, CancellationToken t) => new(1); }""", "A must implement IAction<TInput, TOutput> or IAction<TOutput> exactly once" },
        { "PW0007", """[Action("a")] public abstract class A : Does<Nothing>;""", "A cannot be an action: it is abstract" },
        { "PW0007", """[Action("a")] public class A<T> : Does<Nothing>;""", "A<T> cannot be an action: it is generic" },
        { "PW0007", """public class O<T> { [Action("a")] public class A : Does<Nothing>; }""", "O<T>.A cannot be an action: it is generic" },
        { "PW0007", """[Action("a")] file class A : Does<Nothing>;""", "A cannot be an action: it is local to its file" },
        { "PW0007", """public class O { [Action("a")] private class A : Does<Nothing>; }""", "O.A cannot be an action: it is not visible to generated code" },
        { "PW0007", """public class O { private class Out; [Action("a")] internal class A : IAction<Nothing, Out> { ValueTask<Out> IAction<Nothing, Out>.RunAsync(Nothing i, ActionContext c, CancellationToken t) => new(new Out()); } }""", "O.A cannot be an action: its answer 'O.Out' is not visible to generated code" },
        { "PW0007", """[Action("a")] public class A(ref int x) : Does<Nothing> { public int X = x; }""", "A cannot be an action: its constructor's 'x' cannot come from the services" },
        { "PW0008", """[Action("a")] public class A : Does<Nothing> { public A() { } public A(int x) { } }""", "A must have exactly one public constructor, it has 2" },
        { "PW0008", """[Action("a")] public class A : Does<Nothing> { private A() { } }""", "A must have exactly one public constructor, it has 0" },
        { "PW0009", Input("[Range(1, 2)] public string? X { get; init; }"), "[Range] does not fit 'X' of In: only numbers have a range here" },
        { "PW0009", Input("""[Range(typeof(DateTime), "2020-01-01", "2021-01-01")] public DateTime X { get; init; }"""), "[Range] does not fit 'X' of In: only numbers have a range here" },
        { "PW0009", Input("[StringLength(5)] public int X { get; init; }"), "[StringLength] does not fit 'X' of In: it is not a string" },
        { "PW0009", Input("[StringLength(1, MinimumLength = 2)] public string? X { get; init; }"), "[StringLength] does not fit 'X' of In: its limits contradict each other" },
        { "PW0009", Input("[MinLength(5)] public int X { get; init; }"), "[MinLength] does not fit 'X' of In: it is neither a string nor a collection" },
        { "PW0009", Input("[EmailAddress] public int X { get; init; }"), "[EmailAddress] does not fit 'X' of In: it is not a string" },
        { "PW0009", Input("""[RegularExpression("a")] public int X { get; init; }"""), "[RegularExpression] does not fit 'X' of In: it is not a string" },
        { "PW0009", Input("""[AllowedValues("a")] public int X { get; init; }"""), "[AllowedValues] does not fit 'X' of In: its values are not of the input's type" },
        { "PW0009", Input("[AllowedValues(256)] public byte X { get; init; }"), "[AllowedValues] does not fit 'X' of In: its values are not of the input's type" },
        { "PW0010", Input("[Format<Nothing>] public int X { get; init; }"), "Nothing does not implement IInputFormatter<int> and cannot be used for 'X' of In" },
        { "PW0010", Input("[Validate<Of>] public string? X { get; init; }") + "public class Of : IInputValidator<int> { public static string? Validate(int v, string n) => null; }", "Of does not implement IInputValidator<string> and cannot be used for 'X' of In" },
        { "PW0010", Input("[Format<Of>] public int X { get; init; }") + "public class Of : IInputFormatter<int, string> { public static string Format(int v) => string.Empty; }", "Of does not implement IInputFormatter<int> and cannot be used for 'X' of In" },
        { "PW0005", Input("[Format<Of>] public int X { get; init; }") + "public class Of : IInputFormatter<Stream, int> { public static int Format(Stream v) => 0; }", "'X' of In cannot be bound: 'Stream' is abstract" },
        { "PW0009", Input("[Validate<Of>] public int X { set { } }") + "public class Of : IAsyncInputValidator<int> { public static ValueTask<string?> ValidateAsync(int v, string n, ActionContext c) => default; }", "[Validate] does not fit 'X' of In: it is asked once the object is made, and the value cannot be read from that" },
        { "PW0009", """public class Of : IAsyncInputValidator<int> { public static ValueTask<string?> ValidateAsync(int v, string n, ActionContext c) => default; } public record Inner([property: Validate<Of>] int Y); public record In(Inner X); [Action("a")] public class A : Does<In>;""", "[Validate] does not fit 'Y' of Inner: validators with services are asked for members of the action's own input alone" },
        { "PW0011", Input("""[RegularExpression("(")] public string? X { get; init; }"""), "The pattern of 'X' of In is not a regular expression: " },
        { "PW0012", """[Action("a"), Timeout("soon")] public class A : Does<Nothing>;""", "'soon' is no time span such as \"00:00:10\", zero or more" },
        { "PW0012", """[Action("a"), Timeout("-00:00:01")] public class A : Does<Nothing>;""", "'-00:00:01' is no time span such as \"00:00:10\", zero or more" },
        { "PW0013", """[Action("a")] public class A : Does<Nothing>; [Action("a", TextVersion = "beta")] public class B : Does<Nothing>;""", "Action 'a' has both numbered versions and versions that are words; words count as later than every number" },
        { "PW0015", """public class O { protected class HiddenAttribute : Attribute; [Action("a"), Hidden] public class A : Does<Nothing>; }""", "[HiddenAttribute] of O.A cannot be repeated in generated code, so it is not among the action's Metadata" },
        { "PW0016", Input("public int X { get; init; } public int x { get; init; }"), "In has two inputs called 'x'" },
        { "PW0017", Input("public In(int a) { } public In(string b) { }"), "In cannot be made from inputs: it has several public constructors; mark one with [JsonConstructor] or add one without parameters" },
        { "PW0017", Input("private In() { }"), "In cannot be made from inputs: it has no public constructor" },
        { "PW0017", Input("public required int X;"), "In cannot be made from inputs: its required member 'X' is a field" },
        { "PW0017", Input("[System.Text.Json.Serialization.JsonIgnore] public required int X { get; init; }"), "In cannot be made from inputs: its required member 'X' is no input" },
        { "PW0019", Input("[Phone] public string? X { get; init; }"), "[Phone] on 'X' of In is not checked: Polywire knows no such check; write an IInputValidator<T> and use [Validate<T>]" },
        { "PW0019", Input("""[StringLength(1, ErrorMessageResourceName = "N", ErrorMessageResourceType = typeof(Nothing))] public string? X { get; init; }"""), "[StringLength] on 'X' of In is not checked: texts of resources are not looked up; the usual words are sent" },
        { "PW0005", Input("public Mine? X { get; init; }") + "public class Mine : List<string> { public Mine(int a) { } }", "'X' of In cannot be bound: the collection 'Mine' cannot be made empty" },
        { "PW0005", Input("public Mine? X { get; init; }") + "public class Mine : Dictionary<int, string>;", "'X' of In cannot be bound: the keys of a dictionary must be strings" },
        { "PW0005", Input("public Mine? X { get; init; }") + "public class Mine : System.Collections.IEnumerable { public System.Collections.IEnumerator GetEnumerator() => null!; }", "'X' of In cannot be bound: 'Mine' is a collection, not a type with members" },
        { "PW0005", Input("public Mine? X { get; init; }") + "public class Mine : Queue<int>;", "'X' of In cannot be bound: 'Mine' is a collection, not a type with members" },
        { "PW0005", Input("public Mine? X { get; init; }") + "public class Mine : List<Stream>;", "'X' of In cannot be bound: 'Stream' is abstract" },
        { "PW0005", Input("public Mine? X { get; init; }") + "public abstract class Mine : List<int>;", "'X' of In cannot be bound: 'Mine' is abstract" },
        { "PW0005", """public class In : List<string>; [Action("a")] public class A : Does<In>;""", "'the input' of A cannot be bound: 'In' is a collection, not a type with members" },
        { "PW0012", """[Action("a"), Timeout("24:00:00")] public class A : Does<Nothing>;""", "'24:00:00' is no time span such as \"00:00:10\", zero or more (hours 0 to 23; days as 1.00:00:00)" },
        { "PW0012", """[Action("a"), Timeout("5")] public class A : Does<Nothing>;""", "'5' is no time span such as \"00:00:10\", zero or more" },
        { "PW0012", """[Action("a"), Timeout("1:24:00:00")] public class A : Does<Nothing>;""", "'1:24:00:00' is no time span" },
        { "PW0015", """public class PAttribute(Type t) : Attribute { public Type T => t; } [Action("a"), P(typeof(int*))] public unsafe class A : Does<Nothing>;""", "[PAttribute] of A cannot be repeated in generated code, so it is not among the action's Metadata" },
        { "PW0017", """public record In(string Name, [property: System.Text.Json.Serialization.JsonIgnore] string Role); [Action("a")] public class A : Does<In>;""", "In cannot be made from inputs: its constructor's 'Role' is no input and has no default" },
        { "PW0017", Input("[System.Text.Json.Serialization.JsonConstructor] private In() { }"), "In cannot be made from inputs: its [JsonConstructor] is not visible to generated code" },
        { "PW0017", Input("[System.Text.Json.Serialization.JsonConstructor] public In() { } [System.Text.Json.Serialization.JsonConstructor] public In(int a) { }"), "In cannot be made from inputs: it has several constructors that are marked [JsonConstructor]" },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonConverter(typeof(string))] public int X { get; init; }"), "[JsonConverter] on 'X' of In has no effect on inputs: inputs are made by generated code" },
        { "PW0020", """[System.Text.Json.Serialization.JsonConverter(typeof(string))] public record In(int X); [Action("a")] public class A : Does<In>;""", "[JsonConverter] on In has no effect on inputs: " },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonExtensionData] public Dictionary<string, object>? X { get; init; }"), "[JsonExtensionData] on 'X' of In has no effect on inputs: what is no input is dropped" },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonInclude] public int X { get; private set; }"), "[JsonInclude] on 'X' of In has no effect on inputs: clients set public properties" },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonInclude] internal int X { get; set; }"), "[JsonInclude] on 'X' of In has no effect on inputs: " },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonInclude] public int X;"), "[JsonInclude] on 'X' of In has no effect on inputs: " },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonNumberHandling(System.Text.Json.Serialization.JsonNumberHandling.Strict)] public int X { get; init; }"), "[JsonNumberHandling] on 'X' of In has no effect on inputs: numbers are taken from texts too" },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonNumberHandling(System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals)] public double X { get; init; }"), "[JsonNumberHandling] on 'X' of In has no effect on inputs: " },
        { "PW0020", Input("[System.Text.Json.Serialization.JsonObjectCreationHandling(System.Text.Json.Serialization.JsonObjectCreationHandling.Populate)] public List<int> X { get; } = [];"), "[JsonObjectCreationHandling] on 'X' of In has no effect on inputs: what is sent replaces the value" },
        { "PW0020", """[System.Text.Json.Serialization.JsonUnmappedMemberHandling(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow)] public record In(int X); [Action("a")] public class A : Does<In>;""", "[JsonUnmappedMemberHandling] on In has no effect on inputs: what is no input is dropped" },
        { "PW0020", """[System.Text.Json.Serialization.JsonDerivedType(typeof(In))] public record In(int X); [Action("a")] public class A : Does<In>;""", "[JsonDerivedType] on In has no effect on inputs: inputs are of the type that is declared" },
        { "PW0020", """[System.Text.Json.Serialization.JsonPolymorphic] public record In(int X); [Action("a")] public class A : Does<In>;""", "[JsonPolymorphic] on In has no effect on inputs: " },
        { "PW0020", """public record In([field: System.Text.Json.Serialization.JsonPropertyName("y")] int X); [Action("a")] public class A : Does<In>;""", "[JsonPropertyName] on 'X' of In has no effect on inputs: it is on the field; write [property: …]" },
        { "PW0001", T("Input", "") + """[ActionContract("t", TextVersion = "1")] public static partial class U { public sealed partial record Input; public sealed record Output; }""", "Action 't' version 1 is already defined by T" },
        { "PW0002", """[ActionContract("say")] public static partial class T { public sealed partial record Input; public sealed record Output; }""", "'say' is a reserved verb for connections; choose another name" },
        { "PW0003", """[ActionContract("")] public static partial class T { public sealed partial record Input; public sealed record Output; }""", "T needs a name that is not empty" },
        { "PW0003", """[RoomContract(" ")] public static partial class R { public sealed record Message; }""", "R needs a name that is not empty" },
        { "PW0003", """[PushContract("")] public static partial class P { public sealed record Message; }""", "P needs a context that is not empty" },
        { "PW0004", T("Input", "public string? Action { get; init; }"), "Input 'action' of T.Input is a reserved param" },
        { "PW0005", T("Input", "public Stream? X { get; init; }"), "'X' of T.Input cannot be bound: 'Stream' is abstract" },
        { "PW0021", """[ActionContract("t")] public static partial class T { public sealed record Input; public sealed record Output; }""", "T.Input must be partial, because the generator adds to it: write 'partial record'" },
        { "PW0021", """[ActionContract("t")] public static partial class T { public readonly record struct Input; public sealed record Output; }""", "T.Input must be partial, because the generator adds to it: write 'partial record struct'" },
        { "PW0021", """[ActionContract("t")] public static class T { public sealed partial record Input; public sealed record Output; }""", "T must be partial, because the generator adds to it: write 'partial class'" },
        { "PW0021", """public static class O { [RoomContract("r")] public static partial class R { public sealed record Message; } }""", "O must be partial, because the generator adds to it: write 'partial class'" },
        { "PW0021", """[PushContract("p")] public static class P { public sealed record Message; }""", "P must be partial, because the generator adds to it: write 'partial class'" },
        { "PW0022", """[ActionContract("t")] public static partial class T { public sealed record Output; }""", "T cannot be a contract: it has no nested type 'Input'" },
        { "PW0022", """[ActionContract("t")] public static partial class T { public sealed partial record Input; }""", "T cannot be a contract: it has no nested type 'Output'" },
        { "PW0022", """[ActionContract("t")] public static partial class T { public sealed partial record Input; private sealed record Output; }""", "T cannot be a contract: its 'Output' is not visible to generated code" },
        { "PW0022", """[ActionContract("t")] public static partial class T<X> { public sealed partial record Input; public sealed record Output; }""", "T<X> cannot be a contract: it is generic" },
        { "PW0022", """[RoomContract("r")] public static partial class R;""", "R cannot be a contract: it has no nested type 'Message'" },
        { "PW0022", """[RoomContract("r")] public static partial class R { public sealed record Message; public static int Room => 1; }""", "R cannot be a contract: it has a member 'Room' already, which is what is generated" },
        { "PW0022", """[PushContract("response")] public static partial class P { public sealed record Message; }""", "P cannot be a contract: 'response' is the context of what servers send themselves" },
        { "PW0023", T("Input", "") + Run("[Action(\"x\")]", "T.Output"), "A has a name or version of its own, and its input has those of the contract T; write [Action] without them" },
        { "PW0023", T("Input", "") + Run("[Action(Version = 2)]", "T.Output"), "A has a name or version of its own, and its input has those of the contract T; write [Action] without them" },
        { "PW0024", "[Action] public class A : Does<Nothing>;", "A has no name: write [Action(\"name\")], or let it take the input of a class with [ActionContract]" },
        { "PW0025", T("Input", "") + Run("[Action]", "string"), "A answers 'string', and its contract T says 'T.Output'" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void TellsTheFault(string id, string source, string message)
    {
        var run = GeneratorRun.Of(source);

        var diagnostic = run.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe(id);
        diagnostic.GetMessage().ShouldStartWith(message);
        diagnostic.Location.SourceTree.ShouldBe(run.Input.SyntaxTrees[1]);
    }

    [Fact]
    public void RefusesEveryNameOfAVerb()
    {
        var names = VerbTable.Names.ToList();
        var run = GeneratorRun.Of(string.Concat(names.Select((name, index) => $"[Action(\"{name}\")] public class A{index} : Does<Nothing>; ")));

        run.Diagnostics.Select(diagnostic => diagnostic.GetMessage().Split('\'')[1]).ShouldBe(names, ignoreOrder: true);
        run.Diagnostics.ShouldAllBe(diagnostic => diagnostic.Id == "PW0002");
    }

    [Fact]
    public void LeavesAFaultyActionOutAndTheOthersIn()
    {
        var run = GeneratorRun.Of("""[Action("say")] public class A : Does<Nothing>; [Action("b")] public class B : Does<Nothing>;""");

        run.File("AddActions.g.cs").ShouldContain("My_App_Actions.B()");
        run.File("AddActions.g.cs").ShouldNotContain("My_App_Actions.A()");
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void TellsAFaultOfASharedRecordOnce()
    {
        var run = GeneratorRun.Of(
            """public class In { [Range(1, 2)] public string? X { get; init; } } [Action("a")] public class A : Does<In>; [Action("b")] public class B : Does<In>;""");

        run.Diagnostics.ShouldHaveSingleItem().Id.ShouldBe("PW0009");
    }

    [Fact]
    public void HeedsPragmas()
    {
        var run = GeneratorRun.Of(
            """
            #pragma warning disable PW0019
            public class In { [Phone] public string? X { get; init; } } [Action("a")] public class A : Does<In>;
            """);

        run.Diagnostics.ShouldHaveSingleItem().IsSuppressed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("1x")]
    [InlineData("Add Actions")]
    public void RefusesAMethodNameThatIsNone(string name)
    {
        var run = GeneratorRun.Of("""[Action("a")] public class A : Does<Nothing>;""", ("PolywireAddActionsMethod", name));

        run.Diagnostics.ShouldHaveSingleItem().Id.ShouldBe("PW0018");
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("[System.Text.Json.Serialization.JsonSerializable(typeof(Other))]", true)]
    [InlineData("[System.Text.Json.Serialization.JsonSerializable(typeof(Out))]", false)]
    [InlineData("[System.Text.Json.Serialization.JsonSerializable(typeof(Holder))]", false)]
    public void MissesJsonMetadataWhereReflectionIsOff(string attribute, bool isMissing)
    {
        var source = $$"""
            public record Out(int X);
            public record Other(int X);
            public record Holder(List<Out> Items);
            {{attribute}} internal partial class Context;
            [Action("a")] public class A : IAction<Nothing, Out> { public ValueTask<Out> RunAsync(Nothing i, ActionContext c, CancellationToken t) => new(new Out(1)); }
            [Action("b")] public class B : Does<Nothing>;
            """;

        GeneratorRun.Of(source).Diagnostics.ShouldBeEmpty();
        var found = GeneratorRun.Of(source, ("JsonSerializerIsReflectionEnabledByDefault", "false")).Diagnostics;
        found.Select(diagnostic => diagnostic.Id).ShouldBe(isMissing ? ["PW0014"] : []);
    }

    [Theory]
    [InlineData("", new[] { "PW0026", "PW0026" })]
    [InlineData("[System.Text.Json.Serialization.JsonSerializable(typeof(T.Input))]", new[] { "PW0026" })]
    [InlineData("[System.Text.Json.Serialization.JsonSerializable(typeof(T.Input)), System.Text.Json.Serialization.JsonSerializable(typeof(T.Output))]", new string[0])]
    public void MissesJsonMetadataOfContractsWhereReflectionIsOff(string attribute, string[] ids)
    {
        var source = T("Input", "") + attribute + " internal partial class Context;";

        GeneratorRun.OfContracts(source).Diagnostics.ShouldBeEmpty();
        GeneratorRun.OfContracts(source, ("JsonSerializerIsReflectionEnabledByDefault", "false")).Diagnostics
            .Select(diagnostic => diagnostic.Id).ShouldBe(ids);
    }

    [Fact]
    public void TellsAFaultOfAContractWhereTheContractIs()
    {
        GeneratorRun.OfContracts(T("Input", "public Stream? X { get; init; }")).Diagnostics.ShouldHaveSingleItem().Id.ShouldBe("PW0005");
    }

    [Fact]
    public void ExplainsEveryRule()
    {
        using var stream = typeof(DiagnosticTests).Assembly.GetManifestResourceStream("diagnostics.md").ShouldNotBeNull();
        var page = new StreamReader(stream).ReadToEnd();
        var rules = typeof(Diagnostics).GetFields().Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>().Select(rule => rule.Id).ToList();

        rules.ShouldBe(Enumerable.Range(1, rules.Count).Select(number => $"PW{number:0000}"), ignoreOrder: true);
        rules.ShouldAllBe(id => page.Contains($"## {id}", StringComparison.Ordinal));
    }

    private static string T(string input, string members) =>
        $"[ActionContract(\"t\")] public static partial class T {{ public sealed partial record {input} {{ {members} }} public sealed record Output; }} ";

    private static string Run(string attribute, string output) =>
        $"{attribute} public class A : IAction<T.Input, {output}> {{ public ValueTask<{output}> RunAsync(T.Input i, ActionContext c, CancellationToken t) => default; }}";

    private static string Input(string members) => $"public class In {{ {members} }} [Action(\"a\")] public class A : Does<In>;";
}
