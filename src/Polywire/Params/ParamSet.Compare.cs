namespace Polywire.Params;

public sealed partial class ParamSet
{
    /// <summary>Whether every param of another set is here with the same value.</summary>
    public bool Keeps(ParamSet other)
    {
        foreach (var index in other.DistinctIndexes())
        {
            var sent = other.ValueAt(index);
            if (!TryFind(other.NameAt(index), out var value) || value.Kind != sent.Kind || !value.Bytes.SequenceEqual(sent.Bytes))
            {
                return false;
            }
        }

        return true;
    }
}
