using System.Globalization;
using System.Text;
using Polywire.Params;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Params;

public class ParamSetTests
{
    [Fact]
    public void SetsReplacesAndRemoves()
    {
        var set = ParamSet.Rent();

        Set(set, "a", "1");
        Set(set, "b", "2");
        Set(set, "a", "a longer value than before");
        Set(set, "b", "");
        set.Remove("a"u8).ShouldBeTrue();
        set.Remove("a"u8).ShouldBeFalse();

        Show(set).ShouldBe("b=");
        set.Release();
    }

    [Fact]
    public void NamesKeepThePlaceOfTheirFirstSetting()
    {
        var set = ParamSet.Rent();

        Set(set, "a", "1");
        Set(set, "b", "2");
        Set(set, "a", "longer than it was");

        Show(set).ShouldBe("a=longer than it was b=2");
        set.Release();
    }

    [Theory]
    [InlineData("""{"a":1,"b":2,"a":3}""", "a=3 b=2")]
    [InlineData("""{"a":1,"\u0061":2}""", "a=2")]
    [InlineData("""{"a\"b":1,"\u00e9":2,"":3}""", "a\"b=1 é=2 =3")]
    [InlineData("""{"a":{"b":[1,{"c":"}"}]},"d":"x,y"}""", """a={"b":[1,{"c":"}"}]} d="x,y" """)]
    [InlineData("""{ "a" : 1 , "b" :  [ 1 , 2 ] }""", "a=1 b=[ 1 , 2 ]")]
    [InlineData("{}", "")]
    public void ReadsTheMembersOfAnObject(string json, string expected)
    {
        var set = Act.Set(json);

        Show(set).ShouldBe(expected.TrimEnd());
        set.Release();
    }

    [Fact]
    public void TheLastOfSeveralMembersCounts()
    {
        var set = Act.Set("""{"a":1,"b":2,"a":3}""");

        set.TryFind("a"u8, out var value).ShouldBeTrue();
        value.GetText().ShouldBe("3");
        Set(set, "a", "4");
        Show(set).ShouldBe("a=4 b=2");
        set.Remove("a"u8);

        Show(set).ShouldBe("b=2");
        set.Release();
    }

    [Fact]
    public void ANameWithHalfASurrogatePairHasTheReplacementCharacter()
    {
        var set = Act.Set("""{"\ud800":1,"x":2}""");

        set.TryFind("x"u8, out var value).ShouldBeTrue();
        value.GetText().ShouldBe("2");
        set.TryFind("\uFFFD"u8, out _).ShouldBeTrue();
        set.Release();
    }

    [Fact]
    public void AHolderThatChangesTakesACopyAndLeavesTheOthersAlone()
    {
        var original = Act.Set("""{"a":1,"b":2}""");
        var shared = original.Share();

        var own = shared.Own();
        Set(own, "a", "changed");
        own.Remove("b"u8);

        own.ShouldNotBeSameAs(original);
        Show(own).ShouldBe("a=changed");
        Show(original).ShouldBe("a=1 b=2");
        original.IsShared.ShouldBeFalse();
        original.Own().ShouldBeSameAs(original);
        own.Release();
        original.Release();
    }

    [Fact]
    public void ACopyHasTheSameMembersInTheSameOrder()
    {
        var original = Act.Set("""{"b":1,"a":"x","b":"last","":null}""").Share();

        var copy = original.Own();

        Show(copy).ShouldBe("""b="last" a="x" =null""");
        copy.Release();
        original.Release();
    }

    [Fact]
    public void AParamThatIsSetForEverDoesNotGrowTheSet()
    {
        var set = ParamSet.Rent();
        Set(set, "stays", new string('s', 100));

        // Alternating lengths, so that a value never fits where the one before it was.
        for (var i = 0; i < 10_000; i++)
        {
            Set(set, "changes", new string('c', 1 + (i % 97 * 11)));
        }

        set.Size.ShouldBe("stays".Length + 100 + "changes".Length + 1 + (9_999 % 97 * 11));
        set.AllocatedBytes.ShouldBeLessThan(32 * 1024);
        set.TryFind("stays"u8, out var value).ShouldBeTrue();
        value.GetText().ShouldBe(new string('s', 100));
        set.Release();
    }

    [Fact]
    public void AParamThatComesAndGoesDoesNotGrowTheSet()
    {
        var set = ParamSet.Rent();
        var name = new byte[200];

        for (var i = 0; i < 10_000; i++)
        {
            name.AsSpan().Fill((byte)('a' + (i % 26)));
            set.Set(name, "value"u8, ParamKind.Text);
            set.Remove(name).ShouldBeTrue();
        }

        set.Count.ShouldBe(0);
        set.Size.ShouldBe(0);
        set.AllocatedBytes.ShouldBeLessThan(32 * 1024);
        set.Release();
    }

    [Fact]
    public async Task AHugeNumberOfMembersIsCopiedInOneWalk()
    {
        // Looking each name up in the copy would take 10^10 comparisons: far longer than the limit.
        const int Members = 150_000;
        var json = new StringBuilder("{");
        for (var i = 0; i < Members; i++)
        {
            json.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}\"{i:D6}\":{i}");
        }

        var original = Act.Set(json.Append('}').ToString()).Share();

        var (copy, distinct) = await Task.Run(() =>
        {
            var own = original.Own();
            return (own, own.DistinctIndexes().Count());
        }).WithinLimit();

        copy.Count.ShouldBe(Members);
        distinct.ShouldBe(Members);
        copy.TryFind("149999"u8, out var value).ShouldBeTrue();
        value.GetText().ShouldBe("149999");
        copy.Release();
        original.Release();
    }

    [Fact]
    public void AReleasedSetComesBackEmpty()
    {
        var set = ParamSet.Rent();
        Set(set, "secret", "value");
        set.Release();

        var next = ParamSet.Rent();

        next.Count.ShouldBe(0);
        next.Size.ShouldBe(0);
        next.IndexOf("secret"u8).ShouldBe(-1);
        next.Release();
    }

    [Fact]
    public void BehavesAsADictionaryWhateverIsDoneToIt()
    {
        for (var round = 0; round < 60; round++)
        {
            var seed = unchecked(Seed.Value + round);
            try
            {
                RandomWalk(new Random(seed));
            }
            catch (Exception exception)
            {
                throw new FuzzException($"Repeat with {Seed.Variable}={seed}: {exception.Message}", exception);
            }
        }
    }

    private static void RandomWalk(Random random)
    {
        var set = ParamSet.Rent();
        var model = new OrderedDictionary<string, string>();
        var older = new List<(ParamSet Set, string Shown)>();
        for (var step = 0; step < 400; step++)
        {
            var name = random.Next(8) switch { 0 => "", 1 => "é", 2 => new string('n', 300), var n => $"name{n}" };
            switch (random.Next(10))
            {
                case < 5:
                    var value = new string((char)('a' + random.Next(26)), random.Next(4) == 0 ? random.Next(3000) : random.Next(20));
                    set = set.Own();
                    Set(set, name, value);
                    model[name] = value;
                    break;
                case < 7:
                    set = set.Own();
                    set.Remove(Encoding.UTF8.GetBytes(name)).ShouldBe(model.Remove(name));
                    break;
                case 7:
                    older.Add((set.Share(), Show(set)));
                    break;
                case 8 when older.Count > 0:
                    var at = random.Next(older.Count);
                    Show(older[at].Set).ShouldBe(older[at].Shown);
                    older[at].Set.Release();
                    older.RemoveAt(at);
                    break;
                case 9 when random.Next(10) == 0:
                    set = set.Own();
                    set.Clear();
                    model.Clear();
                    break;
            }

            Show(set).ShouldBe(string.Join(' ', model.Select(pair => $"{pair.Key}={pair.Value}")));
            set.Size.ShouldBe(model.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + pair.Value.Length));
        }

        foreach (var (share, shown) in older)
        {
            Show(share).ShouldBe(shown);
            share.Release();
        }

        set.Release();
    }

    private static void Set(ParamSet set, string name, string value) =>
        set.Set(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), ParamKind.Text);

    private static string Show(ParamSet set) =>
        string.Join(' ', set.DistinctIndexes().Select(index =>
            $"{Encoding.UTF8.GetString(set.NameAt(index))}={Encoding.UTF8.GetString(set.ValueAt(index).Bytes)}"));
}
