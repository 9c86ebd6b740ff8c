using System.Threading;
using System.Threading.Tasks;

public sealed record Address(string Street, string? City = null);

public sealed record Colour(string Name)
{
    public static Colour? Find(string name) => name == "red" ? new Colour(name) : null;
}

public sealed class Names
{
    public ValueTask<bool> HasAsync(string name, CancellationToken cancellationToken) => new(name == "ada");
}
