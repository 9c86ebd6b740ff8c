global using static GivenHere;
using System.Security.Claims;
using System.Threading;
using System.Threading.Tasks;
using Polywire;

public interface ILedger
{
    Task<bool> MayAsync(ClaimsPrincipal user, string account, CancellationToken cancellationToken);

    Task<Transfer.Output> MoveAsync(Transfer.Input input, CancellationToken cancellationToken);
}

internal static class GivenHere
{
    public static Task<string> FindAsync(object? key) => Task.FromResult($"{key}");
}
