namespace Polywire.Hosting;

/// <summary>Finds what a mistyped name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest letters wrong, or null where none is near: a third of the letters, two at least, may differ.</summary>
    /// <remarks>Case, <c>_</c> and <c>-</c> do not count; two letters that changed places are one mistake.</remarks>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        var plain = Plain(name);
        return candidates
            .Select(candidate => (Name: candidate, Distance: Distance(plain, Plain(candidate))))
            .Where(candidate => candidate.Distance <= Math.Max(2, candidate.Name.Length / 3) && candidate.Distance < plain.Length)
            .OrderBy(static candidate => candidate.Distance)
            .ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
            .Select(static candidate => candidate.Name)
            .FirstOrDefault();
    }

    internal static int Distance(string left, string right)
    {
        var before = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[right.Length];
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
