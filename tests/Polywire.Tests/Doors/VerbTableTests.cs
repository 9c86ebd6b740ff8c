using System.Text;
using Polywire.Doors;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Doors;

public sealed class VerbTableTests
{
    [Fact]
    public void HasANameForEveryVerb_AndOneVerbForEveryName()
    {
        var verbs = Enum.GetValues<Verb>().Except([Verb.None]).ToList();

        verbs.Select(VerbTable.NameOf).ShouldBe(verbs.Select(verb => verb.ToString()), StringComparer.OrdinalIgnoreCase);
        VerbTable.Names.ShouldBe(verbs.Select(VerbTable.NameOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void FindsByBytesWhatItFindsByText()
    {
        foreach (var name in VerbTable.Names)
        {
            VerbTable.NameOf(VerbTable.Find(name)).ShouldBe(name);
            foreach (var word in (string[])[name, name.ToUpperInvariant(), name[..^1], name + "s", " " + name, "x" + name[1..], name[..^1] + "x"])
            {
                VerbTable.Find(Encoding.UTF8.GetBytes(word)).ShouldBe(VerbTable.Find(word), word);
            }
        }

        VerbTable.Find("roomadd").ShouldBe(Verb.None);
        VerbTable.Find(string.Empty).ShouldBe(Verb.None);
        VerbTable.Find([]).ShouldBe(Verb.None);
    }
}
