using System.Globalization;
using System.Text;
using Polywire.Params;

namespace Polywire.AspNetCore.Compatibility.JavaScript;

/// <summary>
/// The order in which JavaScript goes through the keys of an object: those that could number the items of a list first, by their number,
/// then the others as they were set.
/// </summary>
internal static class JavaScriptKeys
{
    private const int LongestNumber = 10;

    /// <summary>The places of the params that count, in that order.</summary>
    public static IEnumerable<int> InOrder(ParamSet set)
    {
        for (var i = 0; i < set.Count; i++)
        {
            if (IsNumber(set.NameAt(i), out _))
            {
                return Sort(set);
            }
        }

        return set.DistinctIndexes();
    }

    /// <summary>Members of an object, in that order.</summary>
    /// <param name="members">As they were set, without equal names.</param>
    public static IEnumerable<KeyValuePair<string, T>> InOrder<T>(IReadOnlyCollection<KeyValuePair<string, T>> members) =>
        members.Any(member => IsNumber(member.Key)) ? members.OrderBy(member => RankOf(Encoding.UTF8.GetBytes(member.Key))) : members;

    private static IEnumerable<int> Sort(ParamSet set) => set.DistinctIndexes().OrderBy(index => RankOf(set.NameAt(index)));

    private static bool IsNumber(string name) =>
        name.Length is > 0 and <= LongestNumber && char.IsAsciiDigit(name[0]) && IsNumber(Encoding.UTF8.GetBytes(name), out _);

    private static long RankOf(ReadOnlySpan<byte> name) => IsNumber(name, out var number) ? number : long.MaxValue;

    // As a number is written: 07 is a name like any other. The largest uint is no item's number, as it is the longest list's length.
    private static bool IsNumber(ReadOnlySpan<byte> name, out uint number)
    {
        number = 0;
        return name.Length is > 0 and <= LongestNumber
            && (name[0] != (byte)'0' || name.Length == 1)
            && !name.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number != uint.MaxValue;
    }
}
