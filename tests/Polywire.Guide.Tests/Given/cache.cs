global using static GivenHere;
using System.Threading;
using System.Threading.Tasks;

public sealed record Greeting(string Text);

public sealed record Session(string User);

public sealed record Job(string Kind);

public sealed record Account(decimal Balance);

internal static class GivenHere
{
    public static string id => "id";

    public static Task RunTheNightlyJobAsync(CancellationToken cancellationToken) => Task.Delay(0, cancellationToken);

    public static Task ImportAsync() => Task.CompletedTask;
}
