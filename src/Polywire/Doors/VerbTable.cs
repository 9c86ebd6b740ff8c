using System.Text;

namespace Polywire.Doors;

/// <summary>The one list of verbs and their names, which have case.</summary>
/// <remarks>
/// Compiled into the generator too, which refuses an action that has such a name (core.md A-2): what stands here is available in .NET
/// Standard 2.0.
/// </remarks>
#if POLYWIRE_GENERATORS
internal static class VerbTable
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public static class VerbTable
#endif
{
    // In the order of the enum.
    private static readonly (string Name, Verb Verb)[] All =
    [
        ("quit", Verb.Quit),
        ("exit", Verb.Exit),
        ("documentation", Verb.Documentation),
        ("paramAdd", Verb.ParamAdd),
        ("paramDelete", Verb.ParamDelete),
        ("paramView", Verb.ParamView),
        ("paramsView", Verb.ParamsView),
        ("paramsDelete", Verb.ParamsDelete),
        ("roomAdd", Verb.RoomAdd),
        ("roomLeave", Verb.RoomLeave),
        ("roomView", Verb.RoomView),
        ("detailsView", Verb.DetailsView),
        ("say", Verb.Say),
        ("file", Verb.File),
    ];

    // By the length of the name: at most three are compared.
    private static readonly (byte[] Name, Verb Verb)[][] ByLength = Group();

    /// <summary>All names, sorted.</summary>
    public static IEnumerable<string> Names => All.Select(entry => entry.Name).OrderBy(name => name, StringComparer.Ordinal);

    /// <summary>Finds a verb by its name in UTF-8.</summary>
    public static Verb Find(ReadOnlySpan<byte> name)
    {
        var table = ByLength;
        if ((uint)name.Length < (uint)table.Length)
        {
            foreach (var entry in table[name.Length])
            {
                if (name.SequenceEqual(entry.Name))
                {
                    return entry.Verb;
                }
            }
        }

        return Verb.None;
    }

    /// <summary>Finds a verb by its name.</summary>
    public static Verb Find(string name)
    {
        foreach (var entry in All)
        {
            if (string.Equals(entry.Name, name, StringComparison.Ordinal))
            {
                return entry.Verb;
            }
        }

        return Verb.None;
    }

    /// <summary>The name of a verb: the word with which it was asked for, as no two names stand for one verb.</summary>
    public static string NameOf(Verb verb) => All[(int)verb - 1].Name;

    private static (byte[] Name, Verb Verb)[][] Group()
    {
        var table = new (byte[], Verb)[All.Max(entry => entry.Name.Length) + 1][];
        for (var length = 0; length < table.Length; length++)
        {
            table[length] = [.. All.Where(entry => entry.Name.Length == length).Select(entry => (Encoding.UTF8.GetBytes(entry.Name), entry.Verb))];
        }

        return table;
    }
}
