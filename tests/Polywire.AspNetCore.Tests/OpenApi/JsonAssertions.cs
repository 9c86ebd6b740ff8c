using System.Text.Json.Nodes;
using Shouldly;

namespace Polywire.AspNetCore.Tests.OpenApi;

/// <summary>Comparing JSON as JSON.</summary>
internal static class JsonAssertions
{
    /// <summary>Fails unless both say the same, whatever the order of members.</summary>
    /// <param name="actual">What there is.</param>
    /// <param name="expected">As text.</param>
    /// <param name="ignore">Members that do not count, wherever they stand.</param>
    public static void ShouldBeJson(this JsonNode? actual, string expected, params string[] ignore)
    {
        var (left, right) = (actual?.DeepClone(), JsonNode.Parse(expected));
        foreach (var name in ignore)
        {
            Remove(left, name);
            Remove(right, name);
        }

        JsonNode.DeepEquals(left, right).ShouldBeTrue($"{left?.ToJsonString()}\nshould be\n{right?.ToJsonString()}");
    }

    private static void Remove(JsonNode? node, string name)
    {
        switch (node)
        {
            case JsonObject members:
                members.Remove(name);
                foreach (var (_, value) in members)
                {
                    Remove(value, name);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Remove(item, name);
                }

                break;
        }
    }
}
