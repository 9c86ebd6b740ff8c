global using static GivenHere;
using System.Threading;
using System.Threading.Tasks;
using Polywire;
using Polywire.Testing;

[Action("add")]
public sealed class Add : IAction<Add.Input, Add.Output>
{
    public sealed record Input(double A, double B);

    public sealed record Output(double Result);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new Output(input.A + input.B));
}

public static class Report
{
    public sealed record Output(string Text);
}

public class Program;

public interface IClock;

public sealed class FakeClock : IClock;

internal static class GivenHere
{
    public static PolywireTestHost host => throw new NotSupportedException();
    public static TestConnection alice => throw new NotSupportedException();
    public static System.Security.Claims.ClaimsPrincipal somebody => throw new NotSupportedException();
    public static IActionMiddleware middleware => throw new NotSupportedException();
    public static IConnectionMiddleware connectionMiddleware => throw new NotSupportedException();
}
