using System.Text;
using Polywire.AspNetCore.Compatibility.Queries;
using Polywire.AspNetCore.Http.Params;
using Polywire.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>JSON bodies and urlencoded forms.</summary>
public sealed class BodyReaderTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,{"x":null}],"c":"é","d":null}""", """{"a":1,"b":[1,{"x":null}],"c":"é","d":null}""")]
    [InlineData(" {\n\t\"a\" : { \"b\" : 1 } }\r\n", """{"a":{ "b" : 1 }}""")]
    [InlineData("\ufeff{\"a\":1}", """{"a":1}""")]
    [InlineData("\ufeff", "{}")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"\u0061":1}""", """{"a":1}""")]
    [InlineData("""{"":1}""", """{"":1}""")]
    [InlineData("[1,[2],{\"a\":3}]", """{"payload":[1,[2],{"a":3}]}""")]
    [InlineData("""{"0":"a","1":[2]}""", """{"payload":["a",[2]]}""")]
    [InlineData("""{"1":"b","0":"a"}""", """{"payload":["a","b"]}""")]
    [InlineData("""{"0":"a","x":1}""", """{"0":"a","x":1}""")]
    [InlineData("""{"00":"a"}""", """{"00":"a"}""")]
    [InlineData("[]", "{}")]
    [InlineData(" [ ] ", "{}")]
    [InlineData("", "{}")]
    [InlineData("7", "{}")]
    [InlineData("\"text\"", "{}")]
    [InlineData("true", "{}")]
    [InlineData("null", "{}")]
    [InlineData("""{"__proto__":{"a":"x"},"b":1}""", """{"b":1}""")]
    [InlineData("""{"\u005f_proto__":{"a":"x"},"b":1}""", """{"b":1}""")]
    [InlineData("""{"a":{"__proto__":{"b":1}}}""", """{"a":{"__proto__":{"b":1}}}""")]
    [InlineData("""{"a":"\ud800"}""", "{\"a\":\"\\ufffd\"}")]
    public void ReadsJson(string body, string expected)
    {
        var set = ParamSet.Rent();

        JsonBodyReader.TryRead(Encoding.UTF8.GetBytes(body), set).ShouldBeTrue();

        ParamText.Of(set).ShouldBe(expected);
        set.Release();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":1}x")]
    [InlineData("{\"a\":1}{}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("// c\n{}")]
    [InlineData("[1,2")]
    [InlineData("[1]]")]
    [InlineData("undefined")]
    [InlineData("   ")]
    public void RefusesWhatIsNoJson_AndKeepsWhatWasThere(string body)
    {
        var set = ParamSet.Rent();
        set.AddLast("q"u8, "1"u8, ParamKind.Text);

        JsonBodyReader.TryRead(Encoding.UTF8.GetBytes(body), set).ShouldBeFalse();

        ParamText.Of(set).ShouldBe("""{"q":"1"}""");
        set.Release();
    }

    [Theory, InlineData(64, true), InlineData(65, false), InlineData(1_000_000, false)]
    public void TakesSixtyFourLevels(int depth, bool taken)
    {
        var set = ParamSet.Rent();

        JsonBodyReader.TryRead(Encoding.UTF8.GetBytes(new string('[', depth) + "1" + new string(']', depth)), set).ShouldBe(taken);

        set.Release();
    }

    [Fact]
    public void PutsTheBodyBehindTheQuery_WhereItWins()
    {
        var set = ParamSet.Rent();
        QueryReader.Read("a=q&b=q", set, new QueryRules());

        JsonBodyReader.TryRead("""{"a":"j","c":1}"""u8, set).ShouldBeTrue();

        ParamText.Of(set).ShouldBe("""{"a":"j","b":"q","c":1}""");
        set.Release();
    }

    [Theory]
    [InlineData("a=1&b=x+y%20z&c=%C3%A9", """{"a":"1","b":"x y z","c":"é"}""")]
    [InlineData("a=1&a=2", """{"a":["1","2"]}""")]
    [InlineData("a[b]=c", """{"a[b]":"c"}""")]
    [InlineData("b[]=1&b[]=2", """{"b[]":["1","2"]}""")]
    [InlineData("a=b=c&d", """{"a":"b=c","d":""}""")]
    [InlineData("=b&a=1", """{"":"b","a":"1"}""")]
    [InlineData("a=1&&b=2", """{"a":"1","b":"2"}""")]
    [InlineData("a=%ZZ&b=%E9", """{"a":"%ZZ","b":"%E9"}""")]
    [InlineData("0=x&1=y", """{"payload":["x","y"]}""")]
    [InlineData("1=y&0=x", """{"payload":["x","y"]}""")]
    [InlineData("__proto__=1&constructor=2", """{"constructor":"2"}""")]
    [InlineData("", "{}")]
    public void ReadsForms(string form, string expected)
    {
        var set = ParamSet.Rent();

        FormReader.Read(Encoding.UTF8.GetBytes(form), set);

        ParamText.Of(set).ShouldBe(expected);
        set.Release();
    }

    [Fact]
    public void LooksAtAThousandPairsOfAForm()
    {
        var set = ParamSet.Rent();

        FormReader.Read(Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, 5000).Select(i => $"n{i}={i}"))), set);

        set.Count.ShouldBe(1000);
        set.Release();
    }

    [Fact]
    public void BearsAnything()
    {
        byte[][] corpus = [
            .. new[] { "{\"a\":[1,{\"b\":\"\\ud83d\\ude00\"}],\"0\":2}", "{\"0\":1,\"1\":2}", "[1,2,[3]]", "a=1&a=2&%41=%C3%A9", "\"x\"" }
                .Select(Encoding.UTF8.GetBytes)];
        Fuzz.Run(corpus, 3000, input =>
        {
            foreach (var read in (Action<ParamSet>[])[
                set => JsonBodyReader.TryRead(input, set),
                set => FormReader.Read(System.Text.Unicode.Utf8.IsValid(input) ? input : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(input)), set)])
            {
                var set = ParamSet.Rent();
                read(set);
                System.Text.Json.JsonDocument.Parse(ParamText.Of(set), new System.Text.Json.JsonDocumentOptions { MaxDepth = 100 }).Dispose();
                set.Release();
            }
        });
    }
}
