using System.Text;
using Polywire.AspNetCore.Compatibility.Queries;
using Polywire.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>Queries as the qs library reads them.</summary>
public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("a=1", """{"a":"1"}""")]
    [InlineData("a", """{"a":""}""")]
    [InlineData("a=", """{"a":""}""")]
    [InlineData("a=b=c", """{"a":"b=c"}""")]
    [InlineData("=1&a=2", """{"a":"2"}""")]
    [InlineData("&&a=1&&", """{"a":"1"}""")]
    [InlineData("a=1;b=2", """{"a":"1;b=2"}""")]
    [InlineData("b=2&a=1", """{"b":"2","a":"1"}""")]
    [InlineData("b=1&2=x&1=y", """{"1":"y","2":"x","b":"1"}""")]
    [InlineData("a.b=1", """{"a.b":"1"}""")]
    public void ReadsPairs(string query, string expected) => Read(query).ShouldBe(expected);

    [Theory]
    [InlineData("a=b+c%20d%2B", """{"a":"b c d+"}""")]
    [InlineData("a=%C3%A9%E2%82%AC", """{"a":"é€"}""")]
    [InlineData("%C3%A9=1", """{"é":"1"}""")]
    [InlineData("a=é", """{"a":"é"}""")]
    [InlineData("a=%ZZ", """{"a":"%ZZ"}""")]
    [InlineData("a=%E9", """{"a":"%E9"}""")]
    [InlineData("a=100%", """{"a":"100%"}""")]
    [InlineData("a=%4", """{"a":"%4"}""")]
    [InlineData("a=+%41+%ZZ", """{"a":" %41 %ZZ"}""")]
    [InlineData("a=%C0%AE", """{"a":"%C0%AE"}""")]
    [InlineData("a=%ED%A0%80", """{"a":"%ED%A0%80"}""")]
    [InlineData("a=%00", """{"a":"\u0000"}""")]
    [InlineData("a=%2525", """{"a":"%25"}""")]
    public void DecodesOnceOrNotAtAll(string query, string expected) => Read(query).ShouldBe(expected);

    [Theory]
    [InlineData("a=1&a=2", """{"a":["1","2"]}""")]
    [InlineData("a=1&b=x&a=2&a=3", """{"a":["1","2","3"],"b":"x"}""")]
    [InlineData("a[]=1", """{"a":["1"]}""")]
    [InlineData("a[]=1&a[]=2", """{"a":["1","2"]}""")]
    [InlineData("a%5B%5D=1&a%5b%5d=2", """{"a":["1","2"]}""")]
    [InlineData("a[]=x&a=y", """{"a":["x","y"]}""")]
    [InlineData("a[1]=x&a[0]=y", """{"a":["y","x"]}""")]
    [InlineData("a[19]=z", """{"a":["z"]}""")]
    [InlineData("a[20]=z", """{"a":{"20":"z"}}""")]
    [InlineData("a[30]=z&a=w", """{"a":{"30":"z","31":"w"}}""")]
    [InlineData("a[01]=z", """{"a":{"01":"z"}}""")]
    [InlineData("a[-1]=z", """{"a":{"-1":"z"}}""")]
    [InlineData("a[][b]=1&a[][b]=2", """{"a":[{"b":["1","2"]}]}""")]
    [InlineData("a[][b]=1&a[][c]=2", """{"a":[{"b":"1","c":"2"}]}""")]
    public void MakesLists(string query, string expected) => Read(query).ShouldBe(expected);

    [Fact]
    public void MakesALongListOfARepeatedName_NotAnObject()
    {
        var values = Enumerable.Range(0, 50).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var expected = $$"""{"a":[{{string.Join(',', values.Select(value => $"\"{value}\""))}}]}""";

        Read(string.Join('&', values.Select(value => $"a={value}"))).ShouldBe(expected);
        Read(string.Join('&', values.Select(value => $"a[]={value}"))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a[x]=1", """{"a":{"x":"1"}}""")]
    [InlineData("a[x]=1&a[y][z]=2", """{"a":{"x":"1","y":{"z":"2"}}}""")]
    [InlineData("a=1&a[b]=2", """{"a":["1",{"b":"2"}]}""")]
    [InlineData("a[b]=1&a=2", """{"a":[{"b":"1"},"2"]}""")]
    [InlineData("a[b]=1&a=", """{"a":{"b":"1"}}""")]
    [InlineData("a[0]=1&a[b]=2", """{"a":{"0":"1","b":"2"}}""")]
    [InlineData("a[b][c][d][e][f][g][h]=1", """{"a":{"b":{"c":{"d":{"e":{"f":{"[g][h]":"1"}}}}}}}""")]
    [InlineData("a[b=1", """{"a":{"[b":"1"}}""")]
    [InlineData("a]b=1", """{"a]b":"1"}""")]
    [InlineData("[a]=1", """{"a":"1"}""")]
    [InlineData("a[b]=c]=d", """{"a":{"b":"c]=d"}}""")]
    [InlineData("a[b=c]=d", """{"a":{"b=c":"d"}}""")]
    public void Nests(string query, string expected) => Read(query).ShouldBe(expected);

    [Theory]
    [InlineData("0=x&1=y", """{"payload":["x","y"]}""")]
    [InlineData("1=y&0=x", """{"payload":["x","y"]}""")]
    [InlineData("0=x&0=y", """{"payload":[["x","y"]]}""")]
    [InlineData("0[a]=x", """{"payload":[{"a":"x"}]}""")]
    [InlineData("[]=x", """{"payload":["x"]}""")]
    [InlineData("0=x&1=y&key=k", """{"0":"x","1":"y","key":"k"}""")]
    [InlineData("1=x", """{"1":"x"}""")]
    [InlineData("0=x&2=y", """{"0":"x","2":"y"}""")]
    public void TakesCountedNamesForAPayload(string query, string expected) => Read(query).ShouldBe(expected);

    [Theory]
    [InlineData("__proto__=1&a=2")]
    [InlineData("constructor=1&a=2")]
    [InlineData("prototype=1&a=2")]
    [InlineData("__proto__[x]=1&a=2")]
    [InlineData("b[__proto__]=1&a=2")]
    [InlineData("b[__proto__][x]=1&a=2")]
    [InlineData("b[constructor][prototype][x]=1&a=2")]
    [InlineData("%5f_proto__=1&a=2")]
    [InlineData("b%5B__proto__%5D=1&a=2")]
    [InlineData("[__proto__]=1&a=2")]
    public void DropsNamesOfPrototypes(string query) => Read(query).ShouldBe("""{"a":"2"}""");

    [Fact]
    public void LooksAtAThousandPairs()
    {
        var query = string.Join('&', Enumerable.Range(0, 1500).Select(i => $"n{i}={i}"));

        var set = ParamSet.Rent();
        QueryReader.Read(query, set, new QueryRules());

        set.Count.ShouldBe(1000);
        set.TryFind("n999"u8, out _).ShouldBeTrue();
        set.TryFind("n1000"u8, out _).ShouldBeFalse();
    }

    [Fact]
    public void ObeysItsSettings()
    {
        Read("a.b=1&a.c.d=2", new QueryRules(AllowDots: true)).ShouldBe("""{"a":{"b":"1","c":{"d":"2"}}}""");
        Read("a[b.c]=1&d.=2", new QueryRules(AllowDots: true)).ShouldBe("""{"a":{"b.c":"1"},"d.":"2"}""");
        Read("a=1,2&b[]=3,4", new QueryRules(Comma: true)).ShouldBe("""{"a":["1","2"],"b":[["3","4"]]}""");
        Read("a=1%2C2", new QueryRules(Comma: true)).ShouldBe("""{"a":"1,2"}""");
        Read("a=1;b=2&c", new QueryRules(Delimiter: ";")).ShouldBe("""{"a":"1","b":"2&c"}""");
        Read("a=1&b=2&c=3", new QueryRules(ParameterLimit: 2)).ShouldBe("""{"a":"1","b":"2"}""");
        Read("a[b][c]=1", new QueryRules(Depth: 1)).ShouldBe("""{"a":{"b":{"[c]":"1"}}}""");
        Read("a[b]=1", new QueryRules(Depth: 0)).ShouldBe("""{"a[b]":"1"}""");
        Read("a[2]=1", new QueryRules(ArrayLimit: 2)).ShouldBe("""{"a":{"2":"1"}}""");
        Read("a[1]=1", new QueryRules(ArrayLimit: 2)).ShouldBe("""{"a":["1"]}""");
    }

    [Fact]
    public void BearsAnything()
    {
        byte[][] corpus = [
            .. new[] { "a=1&b=2", "a[x]=1&a[y][z]=2&b[]=1", "a[30]=z&a=w&a[b]=1&a=2", "0=x&1=y", "%5B%5D=%ZZ&é=%C3%A9", "a[[]b]=1&[=]&]=[", }
                .Select(Encoding.UTF8.GetBytes)];
        Fuzz.Run(corpus, 3000, input =>
        {
            var query = Encoding.UTF8.GetString(input);
            foreach (var rules in (QueryRules[])[new(), new(AllowDots: true, Comma: true, Depth: 1, ArrayLimit: 0)])
            {
                var set = ParamSet.Rent();
                QueryReader.Read(query, set, rules);
                System.Text.Json.JsonDocument.Parse(ParamText.Of(set)).Dispose();
                set.Release();
            }
        });
    }

    private static string Read(string query, QueryRules? rules = null)
    {
        var set = ParamSet.Rent();
        QueryReader.Read(query, set, rules ?? new QueryRules());
        var text = ParamText.Of(set);
        set.Release();
        return text;
    }
}
