using Polywire.Doors;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Doors;

public sealed class ItemTableTests
{
    [Fact]
    public void GivesNull_ForWhatIsNotThere()
    {
        var items = new ItemTable();

        items["x"].ShouldBeNull();
        items["x"] = 5;
        items["x"].ShouldBe(5);
        items.Remove("x").ShouldBeTrue();
        items["x"].ShouldBeNull();
    }

    [Fact]
    public void IsADictionaryOtherwise()
    {
        var items = new ItemTable { { "a", 1 }, new KeyValuePair<object, object?>("b", null) };

        items.Count.ShouldBe(2);
        items.IsReadOnly.ShouldBeFalse();
        items.Keys.ShouldBe(["a", "b"], ignoreOrder: true);
        items.Values.ShouldBe([1, null], ignoreOrder: true);
        items.ContainsKey("b").ShouldBeTrue();
        items.Contains(new KeyValuePair<object, object?>("a", 1)).ShouldBeTrue();
        items.Contains(new KeyValuePair<object, object?>("a", 2)).ShouldBeFalse();
        RemovePair(items, "a", 2).ShouldBeFalse();
        RemovePair(items, "a", 1).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => items.Add("b", 3));
        var copy = new KeyValuePair<object, object?>[1];
        items.CopyTo(copy, 0);
        copy.ShouldBe([new KeyValuePair<object, object?>("b", null)]);
        items.Clear();
        items.ShouldBeEmpty();
    }

    [Fact]
    public void TakesManyThreads_AndAnEnumerationBetweenThem()
    {
        var items = new ItemTable();

        Parallel.For(0, 10_000, i =>
        {
            items[i] = i;
            if (i % 100 == 0)
            {
                foreach (var pair in items)
                {
                    pair.Value.ShouldBe(pair.Key);
                }
            }
        });

        items.Count.ShouldBe(10_000);
    }

    // Through the interface: to the other overload whatever is an object is a key, a pair too.
    private static bool RemovePair<TItems>(TItems items, object key, object? value)
        where TItems : ICollection<KeyValuePair<object, object?>> =>
        items.Remove(new KeyValuePair<object, object?>(key, value));
}
