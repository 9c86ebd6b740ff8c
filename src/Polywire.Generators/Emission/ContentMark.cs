using System.Globalization;

namespace Polywire.Generators.Emission;

/// <summary>A short text that differs when what was written differs.</summary>
/// <remarks>FNV-1a, 64 bits: it tells one state of the sources from the next, and nobody gains by a collision.</remarks>
internal sealed class ContentMark
{
    private ulong _hash = 14695981039346656037;

    /// <summary>Counts a text in.</summary>
    /// <returns>The text.</returns>
    public string Add(string text)
    {
        foreach (var character in text)
        {
            _hash = unchecked((_hash ^ character) * 1099511628211);
        }

        return text;
    }

    public override string ToString() => _hash.ToString("x16", CultureInfo.InvariantCulture);
}
