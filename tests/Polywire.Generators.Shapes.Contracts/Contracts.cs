using System.Text.Json.Serialization;

namespace Shapes.Contracts;

public record IgnoredHere(string Name, [property: JsonIgnore] bool IsAdmin = false)
{
    [JsonIgnore]
    public string? Secret { get; init; }
}

public record Positional(string A, int B = 3, string C = "c");

public record Base(int A = 5);

public record Derived(int C) : Base(7);

public class Initialized
{
    public string A { get; init; } = "a";

    public int B { get; set; } = 2;

    public string[] C { get; init; } = ["x"];

    public string? D { get; init; }

    public required int E { get; init; }
}

public class Constructed
{
    public Constructed() => A = 5;

    public int A { get; init; }

    public string B { get; set; }
}

public class Tags : List<string>;

public enum Level
{
    Low,
    High,
}

[Action("of contracts")]
public sealed class OfContracts : IAction<Positional, string>
{
    public global::System.Threading.Tasks.ValueTask<string> RunAsync(Positional input, ActionContext context, global::System.Threading.CancellationToken cancellationToken) => new(input.A);
}
