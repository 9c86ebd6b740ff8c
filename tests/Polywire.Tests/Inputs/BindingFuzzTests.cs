using System.Text;
using System.Text.Json;
using Polywire.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

public sealed class BindingFuzzTests
{
    private static readonly byte[][] Corpus =
    [
        .. new[]
        {
            """{"text":"a\u00e9\ud83d\ude00","flag":true,"i32":5,"f64":1.5e3,"money":0.10,"id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}""",
            """{"at":"2026-01-31T10:20:30.5+02:00","when":1000,"day":"2026-01-31","time":"10:20","span":"1.02:03:04","link":"a/b"}""",
            """{"data":"AQID","colour":"red","any":[1],"element":{"a":null},"node":{"a":[{"b":1}]},"members":{},"elements":[]}""",
            """{"array":[1,2],"list":["a"],"readOnlyList":[null],"dictionary":{"a":1},"readOnlyDictionary":{"a":[true]},"jagged":[[1],[]]}""",
            """{"outer":{"x":"a","y":1,"middle":{"inner":{"depth":3,"word":"w"}}},"lines":[{"name":"a","count":2}],"size":{"width":1}}""",
            """{"tree":{"label":"a","left":{"children":[{"label":"c"},{}]}},"map":{"k":{"name":"c"}},"holes":[null,{"name":"d"}]}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void BearsJsonOfAnyKind() =>
        Fuzz.Run(Corpus, 4_000, bytes =>
        {
            if (Parse(bytes) is { } set)
            {
                BindAll(set);
            }
        });

    [Fact]
    public void BearsTextOfAnyKind() =>
        Fuzz.Run(Corpus, 4_000, bytes =>
        {
            var set = ParamSet.Rent();
            foreach (var input in GeneratedInputs.Polywire_Tests_Inputs_PlainAction_Input.Concat(GeneratedInputs.Polywire_Tests_Inputs_NestedAction_Input))
            {
                set.Set(input.Utf8Name, bytes.AsSpan(bytes.Length % 7), ParamKind.Text);
            }

            BindAll(set);
        });

    [Fact]
    public void BearsAnyCutOfAText()
    {
        foreach (var whole in Corpus)
        {
            for (var length = 0; length <= whole.Length; length++)
            {
                var set = ParamSet.Rent();
                set.Set("outer"u8, whole.AsSpan(0, length), ParamKind.Text);
                set.Set("tree"u8, whole.AsSpan(0, length), ParamKind.Text);
                set.Set("map"u8, whole.AsSpan(0, length), ParamKind.Text);
                set.Set("dictionary"u8, whole.AsSpan(0, length), ParamKind.Text);
                set.Set("node"u8, whole.AsSpan(0, length), ParamKind.Text);
                BindAll(set);
            }
        }
    }

    private static void BindAll(ParamSet set)
    {
        set.Bind(GeneratedInputs.Polywire_Tests_Inputs_PlainAction_Input, GeneratedInputs.Bind_Polywire_Tests_Inputs_PlainAction_Input).ShouldNotBeNull();
        set.Bind(GeneratedInputs.Polywire_Tests_Inputs_NestedAction_Input, GeneratedInputs.Bind_Polywire_Tests_Inputs_NestedAction_Input).ShouldNotBeNull();
    }

    // What the transports do: a message that is no JSON never becomes params.
    private static ParamSet? Parse(byte[] bytes)
    {
        var set = ParamSet.Rent();
        try
        {
            var reader = new Utf8JsonReader(set.Load(new System.Buffers.ReadOnlySequence<byte>(bytes)));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                set.AddMember(ref reader, 0);
            }

            return set;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
