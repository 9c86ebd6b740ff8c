using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>Every public member is in a page of the guide, or on the list of what the XML reference alone has.</summary>
/// <remarks>
/// The list is <c>reference-only.txt</c>: a line is a type with all its members, or <c>Type.Member</c>. Types and members that carry
/// <see cref="ExperimentalAttribute"/> are passed over: their reference is the XML documentation, what they are for is in docs/adr/0041.
/// </remarks>
public sealed partial class PublicSurfaceTests
{
    private const string ListFile = "tests/Polywire.Guide.Tests/reference-only.txt";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Say nothing of their own: what every type has, and classes whose methods are what one calls.
    private static readonly string[] Everywhere = ["Dispose", "DisposeAsync", "Equals", "GetHashCode", "ToString", "CompareTo", "GetEnumerator", "Read", "Write", "Add", "Finally", "CreateLogger", "BeginScope"];

    [Fact]
    public void EveryPublicMemberIsInTheGuideOrOnTheList()
    {
        var words = Words();
        var listed = Listed();

        var missing = Surface().Where(member => !IsSaid(member, words) && !listed.Contains(member.Type) && !listed.Contains($"{member.Type}.{member.Name}"))
            .Select(member => $"{member.Type}.{member.Name}").Distinct();

        missing.ShouldBeEmpty($"Write a sentence about each in docs/guide, or, where nobody looks for it there, a line in {ListFile}.");
    }

    [Fact]
    public void NothingIsOnTheListForNothing()
    {
        var words = Words();
        var surface = Surface();

        Listed().Where(line => line.Contains('.', StringComparison.Ordinal)
            ? !surface.Any(member => $"{member.Type}.{member.Name}" == line && !IsSaid(member, words))
            : !surface.Any(member => member.Type == line && !IsSaid(member, words))).ShouldBeEmpty();
    }

    private static bool IsSaid((string Type, string Name) member, HashSet<string> words) =>
        Everywhere.Contains(member.Name) || words.Contains(member.Name)
        || (member.Name.EndsWith("Attribute", StringComparison.Ordinal) && words.Contains(member.Name[..^"Attribute".Length]))
        || member.Name.EndsWith("Extensions", StringComparison.Ordinal);

    private static HashSet<string> Words() =>
        GuidePage.Files.Append("docs/diagnostics.md").SelectMany(file => Word().Matches(Text(file)).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Listed() =>
        Text(ListFile).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToHashSet(StringComparer.Ordinal);

    private static List<(string Type, string Name)> Surface() =>
        [.. Repository.Files("src", "PublicAPI.Unshipped.txt").Select(file => Assembly.Load(Path.GetFileName(Path.GetDirectoryName(file)!)))
            .SelectMany(assembly => assembly.GetTypes()).Where(IsReached).SelectMany(Members)];

    private static IEnumerable<(string Type, string Name)> Members(Type type)
    {
        var name = type.Name.Split('`')[0];
        var members = type.BaseType == typeof(MulticastDelegate) ? [] : type.GetMembers(Declared).Where(member => IsReached(type, member));
        return members.Select(member => (name, member.Name)).Where(member => member.Name != "Item").Prepend((name, name));
    }

    /// <summary>Whether others can name the type without a mark of their own: public, or protected in a type that can be derived from.</summary>
    private static bool IsReached(Type type) => !IsExperimental(type) && (type.DeclaringType is not { } outer
        ? type.IsPublic
        : (type.IsNestedPublic || (!outer.IsSealed && (type.IsNestedFamily || type.IsNestedFamORAssem))) && IsReached(outer));

    /// <summary>Whether others can call the member, and it is said nowhere else: no constructor, operator, override, or what the compiler adds to a record.</summary>
    private static bool IsReached(Type type, MemberInfo member) => !IsExperimental(member) && !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member switch
    {
        FieldInfo field => !field.IsSpecialName && (field.IsPublic || (!type.IsSealed && (field.IsFamily || field.IsFamilyOrAssembly))),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => IsOwn(type, accessor)),
        EventInfo occurrence => IsOwn(type, occurrence.AddMethod!),
        MethodInfo method => !method.IsSpecialName && IsOwn(type, method),
        _ => false,
    };

    private static bool IsExperimental(MemberInfo member) => member.IsDefined(typeof(ExperimentalAttribute), inherit: false);

    private static bool IsOwn(Type type, MethodInfo method) =>
        (method.IsPublic || (!type.IsSealed && (method.IsFamily || method.IsFamilyOrAssembly))) && method.GetBaseDefinition() == method;

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Word();
}
