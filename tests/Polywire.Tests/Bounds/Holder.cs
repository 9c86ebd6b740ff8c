using Polywire.Bounds;

namespace Polywire.Tests.Bounds;

/// <summary>Notes that it is told to end.</summary>
internal sealed class Holder : IInputHolder
{
    private readonly Action<Holder>? _onEnd;
    private int _ends;

    public Holder(InputBudget budget, Action<Holder>? onEnd = null)
    {
        _onEnd = onEnd;
        Account = (InputAccount)budget.Open(this);
    }

    public InputAccount Account { get; }

    public long OtherBytes { get; set; }

    public InputEnd? End { get; private set; }

    public int Ends => Volatile.Read(ref _ends);

    public void EndInput(in InputEnd end)
    {
        Interlocked.Increment(ref _ends);
        End = end;
        _onEnd?.Invoke(this);
    }
}
