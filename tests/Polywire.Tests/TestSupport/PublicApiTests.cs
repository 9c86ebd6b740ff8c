using Polywire.TestSupport;
using Shouldly;
using Xunit;

#pragma warning disable CA1051, CA1822, CA1200, CA1045, CA1008, CA1070, CS0067, CA1716, CA1720, CA1819, CA1021 // Samples of what a surface may hold.

namespace Polywire.Tests.TestSupport;

public class PublicApiTests
{
    private const string Here = "Polywire.Tests.TestSupport.PublicApiTests";

    [Fact]
    public void WritesTheMembersOfAClassSortedWithTheirNullability()
    {
        PublicApi.Describe(typeof(Sample<>)).ShouldBe($$"""
            public abstract class {{Here}}.Sample<T> : MarshalByRefObject, IAsyncDisposable, IDisposable where T : class, new()
                [Obsolete] public void Old()
                protected Sample(string name)
                protected abstract string? Inner { get; }
                protected virtual void Close()
                public Dictionary<string, List<string?>>? Map { get; protected set; }
                public PublicApiTests.Nested Make()
                public T? Find(string? key, bool exact = false)
                public ValueTask DisposeAsync()
                public bool TryGet(in int key, out string? value)
                public const string Word = "a \"word\""
                public event EventHandler? Changed
                public int? Count { get; }
                public long Sum(params int[] values)
                public override string ToString()
                public required string Name { get; init; }
                public static readonly string[] Names
                public static string op_Implicit(PublicApiTests.Sample<T> sample)
                public string this[int index] { get; set; }
                public void Dispose()
                public void Run<TState>(TState state, Action<TState, object?> action) where TState : notnull
                public void Write<TNumber>(ref TNumber number, DayOfWeek day = DayOfWeek.Friday) where TNumber : struct, IComparable<TNumber>

            """);
    }

    [Fact]
    public void WritesARecordWithoutWhatTheCompilerAdds()
    {
        PublicApi.Describe(typeof(Pair)).ShouldBe($$"""
            public sealed record class {{Here}}.Pair : IEquatable<PublicApiTests.Pair>
                public Pair(string Key, object? Value)
                public object? Value { get; init; }
                public string Key { get; init; }

            """);
    }

    [Fact]
    public void WritesStructsInterfacesEnumsAndDelegates()
    {
        PublicApi.Describe(typeof(Point)).ShouldBe($"public readonly record struct {Here}.Point : IEquatable<PublicApiTests.Point>\n" +
            "    public Point(int X)\n    public int X { get; init; }\n");
        PublicApi.Describe(typeof(ISource<>)).ShouldBe($"public interface {Here}.ISource<out T>\n    public T Take()\n    public virtual int Left()\n");
        PublicApi.Describe(typeof(Level)).ShouldBe($"public enum {Here}.Level : byte\n    Low = 1\n    High = 2\n");
        PublicApi.Describe(typeof(Handler)).ShouldBe($"public delegate Task<string?> {Here}.Handler(object? sender)\n");
        PublicApi.Describe(typeof(PublicApiExtensions)).ShouldBe(
            "public static class Polywire.Tests.TestSupport.PublicApiExtensions\n    public static int Twice(this int value)\n");
    }

    [Fact]
    public void LeavesOutWhatOthersCannotReach()
    {
        var text = PublicApi.Describe(typeof(PublicApi).Assembly);

        text.ShouldContain("public static class Polywire.TestSupport.PublicApi\n");
        text.ShouldNotContain("PublicApiType");
        text.ShouldNotContain("Guarded");
    }

    [Fact]
    public void IsTheSameEachTime()
    {
        PublicApi.Describe(typeof(PublicApi).Assembly).ShouldBe(PublicApi.Describe(typeof(PublicApi).Assembly));
    }

    [Fact]
    public void TellsHowToWriteAFileThatIsMissing()
    {
        PublicApi.Compare(null, "class A\n", "src/A/PublicAPI.txt")
            .ShouldBe("src/A/PublicAPI.txt is missing: run the test with UPDATE_PUBLIC_API=1 to write it, and read what changed before committing it.");
    }

    [Fact]
    public void TellsWhatCameAndWhatWentUnderItsType()
    {
        const string Before = "class A\n    int One\n    int Two\n\nclass B\n    int One\n";
        const string After = "class A\n    int One\n    long Two\n\nclass B\n    int One\n";

        PublicApi.Compare(Before, Before, "file").ShouldBeNull();
        PublicApi.Compare(Before, After, "file").ShouldNotBeNull().ShouldEndWith("\nclass A\n-     int Two\n+     long Two");
    }

    public abstract class Sample<T> : MarshalByRefObject, IDisposable, IAsyncDisposable
        where T : class, new()
    {
        public const string Word = "a \"word\"";
        public static readonly string[] Names = [];

        protected Sample(string name) => _ = name;

        public event EventHandler? Changed;

        public required string Name { get; init; }

        public int? Count { get; }

        public Dictionary<string, List<string?>>? Map { get; protected set; }

        protected abstract string? Inner { get; }

        internal string? Hidden { get; set; }

        public string this[int index]
        {
            get => Name;
            set => Hidden = value;
        }

        public static implicit operator string(Sample<T> sample) => sample.Name;

        public T? Find(string? key, bool exact = false) => null;

        public bool TryGet(in int key, out string? value)
        {
            value = null;
            return false;
        }

        public void Run<TState>(TState state, Action<TState, object?> action)
            where TState : notnull => action(state, null);

        public void Write<TNumber>(ref TNumber number, DayOfWeek day = DayOfWeek.Friday)
            where TNumber : struct, IComparable<TNumber> => _ = number;

        public long Sum(params int[] values) => values.Sum();

        public Nested Make() => new();

        [Obsolete("sample")]
        public void Old()
        {
        }

        public void Dispose() => GC.SuppressFinalize(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            GC.SuppressFinalize(this);
            return default;
        }

        public override string ToString() => Name;

        protected virtual void Close()
        {
        }

        private protected void Own()
        {
        }
    }

    public sealed class Nested;

    public sealed record Pair(string Key, object? Value);

    public readonly record struct Point(int X);

    public interface ISource<out T>
    {
        T Take();

        int Left() => 0;
    }

    public enum Level : byte
    {
        High = 2,
        Low = 1,
    }

    public delegate Task<string?> Handler(object? sender);
}

public static class PublicApiExtensions
{
    public static int Twice(this int value) => value * 2;
}
