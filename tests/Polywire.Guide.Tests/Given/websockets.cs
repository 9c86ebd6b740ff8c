global using static GivenHere;
using System.Threading.Tasks;

internal static class GivenHere
{
    public static Task<bool> IsKnownAsync(string? token) => Task.FromResult(token == "secret");
}
