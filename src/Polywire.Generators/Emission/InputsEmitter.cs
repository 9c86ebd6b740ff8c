using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes descriptors and binders of all records that are inputs, nested ones first.</summary>
internal static class InputsEmitter
{
    public static string Emit(string className, IReadOnlyList<ActionModel> actions)
    {
        var code = new CodeWriter();
        FileHeader.Write(code);
        code.Line("namespace Polywire.Generated;");
        code.Blank();
        code.Line("/// <summary>What the actions of this assembly take, and how it is made from what was sent.</summary>");
        code.Line(FileHeader.Attribute);
        FileHeader.WriteMarks(code, actions.Any(action => action.IsExperimental));
        code.Open($"internal static class {className}");

        // Actions come in a fixed order and name nested records before those that hold them, so every array finds its members made.
        var marksMembers = actions.Any(action => action.IsObsolete);
        var records = Distinct(actions.SelectMany(action => action.Records), record => record.Key);
        var secrets = new SecretRecords(records);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            EmitDescriptors(code, record, secrets, written, marksMembers);
            written.Add(record.Key);
        }

        foreach (var pattern in Sorted(actions.SelectMany(action => action.Patterns), pattern => pattern.Name))
        {
            code.Line($"private static readonly {Api.Regex} {pattern.Name} = {pattern.Creation};");
            code.Blank();
        }

        foreach (var record in records)
        {
            BinderEmitter.Emit(code, record, marksMembers);
            code.Blank();
            BinderEmitter.EmitAsks(code, record, marksMembers);
        }

        var setters = records.SelectMany(record => record.Members).Select(member => member.Setter).OfType<SetterModel>();
        foreach (var setter in Sorted(setters, one => one.Name))
        {
            FileHeader.WriteMark(code, marksMembers);
            foreach (var line in setter.Declaration)
            {
                code.Line(line);
            }

            code.Blank();
        }

        foreach (var converter in Sorted(actions.SelectMany(action => action.Converters), converter => converter.Name))
        {
            EmitConverter(code, converter, marksMembers);
        }

        code.Close();
        return code.ToString();
    }

    private static List<T> Distinct<T>(IEnumerable<T> all, Func<T, string> key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return all.Where(one => seen.Add(key(one))).ToList();
    }

    private static IEnumerable<T> Sorted<T>(IEnumerable<T> all, Func<T, string> key) =>
        Distinct(all, key).OrderBy(key, StringComparer.Ordinal);

    private static void EmitDescriptors(CodeWriter code, RecordModel record, SecretRecords secrets, HashSet<string> written, bool isMarked)
    {
        FileHeader.WriteMark(code, isMarked);
        code.Line($"internal static readonly {Api.InputDescriptor}[] {record.Key} =");
        code.Line("[");
        code.Indent();
        foreach (var member in record.Members)
        {
            // A record within itself ends here, its members would have no end; those of a table have keys for names.
            var isDescribed = member.Record is { } nested && !member.IsTable && written.Contains(nested);
            var properties = member.Properties.ToList();
            if (member.IsSecret || (!isDescribed && secrets.HaveAny(member.Record)))
            {
                // What is not described member by member is secret as a whole if anything in it is.
                properties.Add("Secret = true");
            }

            if (isDescribed)
            {
                properties.Add($"Members = {member.Record}");
            }

            code.Line($"new({Literals.Text(member.Name)}) {{ {string.Join(", ", properties)} }},");
        }

        code.Outdent();
        code.Line("];");
        code.Blank();
    }

    private static void EmitConverter(CodeWriter code, ConverterModel converter, bool isMarked)
    {
        FileHeader.WriteMark(code, isMarked);
        code.Open(
            $"private static bool {converter.Name}("
            + $"ref {Api.Reader} reader, scoped {Api.Value} value, [{Api.MaybeNullWhen}(false)] out {converter.Type} result)");
        foreach (var line in converter.Body)
        {
            code.Line(line);
        }

        code.Close();
        code.Blank();
    }
}
