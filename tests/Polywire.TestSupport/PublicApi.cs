using System.Reflection;
using System.Text;

namespace Polywire.TestSupport;

/// <summary>Prints the public surface of an assembly and compares it with the file checked in beside its project.</summary>
public static class PublicApi
{
    /// <summary>The environment variable that, set to 1, writes the file anew instead of comparing.</summary>
    public const string UpdateVariable = "UPDATE_PUBLIC_API";

    private const string FileName = "PublicAPI.txt";

    /// <summary>
    /// The types that other assemblies can reach, sorted by full name, each with its members indented below it, sorted too. Members are
    /// written as in C#, with namespaces left out but for those of the types themselves.
    /// </summary>
    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetTypes().Where(PublicApiType.IsVisible).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(text.Length == 0 ? "" : "\n");
            text.Append(Describe(type));
        }

        return text.ToString();
    }

    /// <summary>One type as <see cref="Describe(Assembly)"/> prints it, each line ended by LF.</summary>
    public static string Describe(Type type) => string.Concat(PublicApiType.Describe(type).Select(line => line + "\n"));

    /// <summary>Compares the surface of an assembly with <c>src/NAME/PublicAPI.txt</c>, NAME being the assembly's.</summary>
    /// <exception cref="PublicApiException">They differ, or there is no file; the message says what differs and how to write the file.</exception>
    public static void ShouldMatchFile(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        var path = Path.Combine(Repository.Root, "src", name, FileName);
        var update = Environment.GetEnvironmentVariable(UpdateVariable) == "1";
        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : null;
        if (Compare(expected, Describe(assembly), $"src/{name}/{FileName}") is not { } difference)
        {
            return;
        }

        if (!update)
        {
            throw new PublicApiException(difference);
        }

        File.WriteAllText(path, Describe(assembly));
    }

    /// <summary>Tells what changed between two descriptions.</summary>
    /// <param name="expected">The file's text, or null where there is none.</param>
    /// <param name="actual">What <see cref="Describe(Assembly)"/> prints.</param>
    /// <param name="file">The file's name for the message.</param>
    /// <returns>Null where they are equal, else a message.</returns>
    public static string? Compare(string? expected, string actual, string file)
    {
        if (expected == actual)
        {
            return null;
        }

        var how = $"run the test with {UpdateVariable}=1 to write it, and read what changed before committing it.";
        if (expected is null)
        {
            return $"{file} is missing: {how}";
        }

        var before = Lines(expected);
        var after = Lines(actual);
        var changes = before.Except(after).Select(line => (line.Type, Text: "- " + line.Text))
            .Concat(after.Except(before).Select(line => (line.Type, Text: "+ " + line.Text)))
            .GroupBy(change => change.Type)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.Select(change => change.Text).Prepend(group.Key))
            .DefaultIfEmpty("(the order of lines only)");
        return $"The public surface differs from {file}: {how}\n{string.Join('\n', changes)}";
    }

    /// <summary>Each line with the heading of its type, so that equal members of two types are told apart.</summary>
    private static List<(string Type, string Text)> Lines(string text)
    {
        var lines = new List<(string, string)>();
        var type = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            type = line.StartsWith(' ') ? type : line;
            lines.Add((type, line));
        }

        return lines;
    }
}
