using Microsoft.CodeAnalysis;
using Shouldly;
using Xunit;

namespace Polywire.Generators.Tests;

/// <summary>What contracts are given, and what servers take from them.</summary>
public sealed class ContractTests
{
    private const string Transfer = """
        namespace Bank
        {
            /// <summary>Moves <b>money</b>.</summary>
            [ActionContract("transfer", Version = 2), Post("/transfers")]
            public static partial class Transfer
            {
                public sealed partial record Input
                {
                    /// <summary>The account that pays.</summary>
                    public required string From { get; init; }

                    public decimal Amount { get; init; } = 5;
                }

                public sealed record Output(decimal Balance);
            }
        }
        """;

    private const string Action = """
        [Action] public sealed class TransferAction : IAction<Bank.Transfer.Input, Bank.Transfer.Output>
        {
            public ValueTask<Bank.Transfer.Output> RunAsync(Bank.Transfer.Input i, ActionContext c, CancellationToken t) => default;
        }
        """;

    [Fact]
    public void GivesTheInputOfAContractItsActionAndItsAnswer()
    {
        var run = GeneratorRun.OfContracts(Transfer);

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics.ShouldBeEmpty();
        run.Files.ShouldBe(["Contracts.g.cs"]);
        var file = run.File("Contracts.g.cs");
        file.ShouldContain("partial record Input : global::Polywire.IActionInput<global::Bank.Transfer.Output>");
        file.ShouldContain("Action_Bank_Transfer = new(\"transfer\", new global::Polywire.ActionVersion(2), typeof(global::Bank.Transfer.Input), Json);");
        file.ShouldContain("[global::Polywire.Binding.Documentation(\"\", \"Moves money.\")]");
        file.ShouldContain("[global::Polywire.Binding.Documentation(\"From\", \"The account that pays.\")]");
    }

    [Theory]
    [InlineData("public partial record class Input(int A);")]
    [InlineData("public partial record struct Input(int A);")]
    [InlineData("public partial class Input { public int A { get; set; } }")]
    [InlineData("public partial struct Input { public int A { get; set; } }")]
    [InlineData("internal sealed partial record Input;")]
    public void CompilesForInputsLike(string input)
    {
        var run = GeneratorRun.OfContracts($$"""
            namespace @event.Json;
            public partial interface IOuter
            {
                [ActionContract("t", TextVersion = "beta")]
                internal partial class @class { {{input}} public sealed record Output; }
            }

            [ActionContract("u")] internal static partial class Json { {{input}} internal struct Output; }
            """);

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void InfersTheAnswerFromTheInput()
    {
        var run = GeneratorRun.OfContracts(Transfer + """
            public static class Client
            {
                public static TOutput Run<TOutput>(IActionInput<TOutput> input) => throw new Exception(input.Contract.Name);
                public static decimal Use() => Run(new Bank.Transfer.Input { From = "a" }).Balance;
            }
            """);

        run.CompilerDiagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void GivesRoomsAndPushesTheirDescriptors()
    {
        var run = GeneratorRun.OfContracts("""
            [RoomContract("prices"), PushContract("price")] public static partial class Prices { public sealed record Message(string Symbol, decimal Price); }
            [PushContract("alert")] public static partial class Alert { internal sealed record Message(string Text); }
            public static class Client
            {
                public static RoomContract<Prices.Message> A => Prices.Room;
                public static PushContract<Prices.Message> B => Prices.Push;
                internal static PushContract<Alert.Message> C => Alert.Push;
            }
            """);

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics.ShouldBeEmpty();
        run.File("Contracts.g.cs").ShouldContain("public static global::Polywire.RoomContract<global::Prices.Message> Room");
        run.File("Contracts.g.cs").ShouldContain("internal static global::Polywire.PushContract<global::Alert.Message> Push");
    }

    [Fact]
    public void TakesNameVersionDocumentationAndRoutesOfAnotherAssemblysContract()
    {
        var contracts = GeneratorRun.OfContracts(Transfer).ToReference();

        var run = GeneratorRun.Of([Action], "My.App", DocumentationMode.None, [contracts]);

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics.ShouldBeEmpty();
        run.Files.ShouldBe(["Inputs.g.cs", "Actions.g.cs", "AddActions.g.cs"], ignoreOrder: true);
        run.File("Actions.g.cs").ShouldContain("\"transfer\",\n            new global::Polywire.ActionVersion(2),");
        run.File("Actions.g.cs").ShouldContain("Description = \"Moves money.\"");
        run.File("Actions.g.cs").ShouldContain("new global::Polywire.PostAttribute(\"/transfers\")");
        run.File("Inputs.g.cs").ShouldContain("Description = \"The account that pays.\"");
    }

    [Fact]
    public void TakesAContractOfItsOwnAssembly()
    {
        var run = GeneratorRun.Of(Transfer + Action);

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics.ShouldBeEmpty();
        run.File("Actions.g.cs").ShouldContain("Description = \"Moves money.\"");
        run.File("Contracts.g.cs").ShouldContain("partial record Input");
    }

    [Fact]
    public void LetsAnActionDescribeItselfForItsServer()
    {
        var run = GeneratorRun.Of(Transfer + Action.Replace("[Action]", "[Action(Description = \"Mine.\")]", StringComparison.Ordinal));

        run.Diagnostics.ShouldBeEmpty();
        run.File("Actions.g.cs").ShouldContain("Description = \"Mine.\"");
    }

    [Theory]
    [InlineData("public partial class A", "public sealed partial record Input(int X);", "Out", true)]
    [InlineData("public class A", "public sealed partial record Input(int X);", "Out", false)]
    [InlineData("public partial class A", "public sealed record Input(int X);", "Out", false)]
    [InlineData("public partial class A", "public sealed partial record Input(int X);", "ActionResult", false)]
    public void GivesAnActionsOwnInputTheSameWhereItIsPartial(string action, string input, string output, bool isGiven)
    {
        var run = GeneratorRun.Of($$"""
            public sealed record Out;
            [Action("a")] {{action}} : IAction<A.Input, {{output}}>
            {
                {{input}}
                public ValueTask<{{output}}> RunAsync(Input i, ActionContext c, CancellationToken t) => default;
            }
            """);

        run.Diagnostics.ShouldBeEmpty();
        run.CompilerDiagnostics.ShouldBeEmpty();
        run.Files.Contains("Contracts.g.cs").ShouldBe(isGiven);
        if (isGiven)
        {
            run.File("Contracts.g.cs").ShouldContain("partial record Input : global::Polywire.IActionInput<global::Out>");
        }
    }

    [Fact]
    public void TakesTheMetadataOfTheProjectsContexts()
    {
        const string contexts = """
            [System.Text.Json.Serialization.JsonSerializable(typeof(Bank.Transfer.Input)), System.Text.Json.Serialization.JsonSerializable(typeof(Bank.Transfer.Output))]
            internal abstract partial class Left : System.Text.Json.Serialization.JsonSerializerContext { protected Left() : base(null) { } }
            [System.Text.Json.Serialization.JsonSerializable(typeof(Bank.Transfer.Output))]
            internal partial class Right : System.Text.Json.Serialization.JsonSerializerContext;
            [System.Text.Json.Serialization.JsonSerializable(typeof(List<int>))]
            internal partial class Other : System.Text.Json.Serialization.JsonSerializerContext;
            """;

        // The framework's generator does not run here: the code that it would complete does not compile.
        GeneratorRun.OfContracts(Transfer).File("Contracts.g.cs").ShouldContain("Json = null;");
        GeneratorRun.OfContracts(Transfer + contexts).File("Contracts.g.cs").ShouldContain("Json = global::Right.Default;");
        GeneratorRun.OfContracts(Transfer + contexts.Replace("abstract ", "", StringComparison.Ordinal)).File("Contracts.g.cs")
            .ShouldContain("Json = global::System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine(global::Left.Default, global::Right.Default);");
    }
}
