using System.Threading;
using System.Threading.Tasks;

public sealed record Alert(string Text);

public sealed record Price(string Symbol, decimal Last);

public interface IBans
{
    Task<bool> HasAsync(string address, CancellationToken cancellationToken);
}

public interface IWords
{
    bool AreRude(string text);
}
