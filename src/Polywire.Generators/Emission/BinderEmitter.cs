using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes the method that makes one record from what was sent.</summary>
/// <remarks>
/// Arguments and members that are always there are handed over when the object is made. Of the others only what was sent is set afterwards, so
/// that what was not has the value that the object has of itself.
/// </remarks>
internal static class BinderEmitter
{
    public static void Emit(CodeWriter code, RecordModel record, bool isMarked)
    {
        FileHeader.WriteMark(code, isMarked);
        code.Open($"internal static {record.Type} Bind_{record.Key}(ref {Api.Reader} reader)");
        for (var i = 0; i < record.Members.Count; i++)
        {
            EmitRead(code, record.Members[i], i);
        }

        if (record.Members.Count > 0)
        {
            EmitFailure(code);
        }

        var later = record.Members.Select((member, index) => (Member: member, Index: index)).Where(pair => IsLater(pair.Member)).ToList();
        if (later.Count == 0)
        {
            EmitCreation(code, "return", record);
        }
        else
        {
            EmitCreation(code, $"{record.Type} result =", record);
            code.Blank();
            foreach (var (member, index) in later)
            {
                EmitSet(code, member, index);
            }

            if (later.Exists(pair => LooksAtDefault(pair.Member)))
            {
                EmitFailure(code);
            }

            code.Line("return result;");
        }

        code.Close();
    }

    private static bool IsLater(MemberModel member) => member is { Argument: < 0, IsAlwaysSet: false };

    private static bool LooksAtDefault(MemberModel member) => member.HasGetter && (member.Steps.Count > 0 || member.MustNotBeNull);

    private static string Local(MemberModel member, int index)
    {
        var name = member.Property.Length > 60 ? "input" : member.Property;
        return char.ToLowerInvariant(name[0]) + name.Substring(1) + "_" + index;
    }

    private static string Call(MemberModel member, int index, string result)
    {
        var text = member.MissingText is null ? "" : $", missingText: {Literals.Text(member.MissingText)}";
        var formatted = member.RequiresAfterFormat ? ", isFormatted: true" : "";
        var type = member.Wire?.Type ?? member.Type;
        var given = member.Wire?.IsValueType ?? member.IsValueType ? type : type + "?";
        return member.IsText
            ? $"reader.TryReadText<{type}>({index}, {member.Converter}, out {given} {result}{formatted}{text})"
            : $"reader.TryRead<{type}>({index}, {member.Converter}, out {given} {result}{text})";
    }

    private static void EmitFailure(CodeWriter code)
    {
        code.Open("if (reader.HasFailed)");
        code.Line("return default!;");
        code.Close();
        code.Blank();
    }

    private static void EmitRead(CodeWriter code, MemberModel member, int index)
    {
        var local = Local(member, index);
        if (member.Wire is { } wire)
        {
            EmitReadOther(code, member, wire, index, local);
        }
        else if (IsLater(member))
        {
            EmitReadLater(code, member, index, local);
        }
        else if (member.IsNullable)
        {
            EmitReadNullable(code, member, index, local);
        }
        else if (member.Default is { } otherwise)
        {
            code.Open($"if (!{Call(member, index, local)})");
            code.Line($"{local} = {otherwise};");
            code.Close();
            code.Blank();
            EmitSteps(code, member, index, local, canBeNull: false);
        }
        else if (member.Steps.Count == 0)
        {
            code.Line(Call(member, index, local) + ";");
            code.Blank();
        }
        else
        {
            code.Open($"if ({Call(member, index, local)})");
            EmitSteps(code, member, index, local, canBeNull: false);
            code.Close();
            code.Blank();
        }
    }

    private static void EmitReadNullable(CodeWriter code, MemberModel member, int index, string local)
    {
        if (member.IsValueType)
        {
            var otherwise = member.Default is null ? "null" : $"reader.IsNull ? null : {member.Default}";
            code.Line($"{member.Type}? {local} = {Call(member, index, local + "_sent")} ? {local}_sent : {otherwise};");
        }
        else if (member.Default is not null)
        {
            code.Open($"if (!{Call(member, index, local)} && !reader.IsNull)");
            code.Line($"{local} = {member.Default};");
            code.Close();
        }
        else
        {
            code.Line(Call(member, index, local) + ";");
        }

        code.Blank();
        EmitSteps(code, member, index, local, canBeNull: true);
    }

    // What is sent is of another type than the member.
    private static void EmitReadOther(CodeWriter code, MemberModel member, WireModel wire, int index, string local)
    {
        var sent = local + "_sent";
        code.Line($"bool {local}_isSent = {Call(member, index, sent)};");
        var type = member.IsNullable || !member.IsValueType ? member.Type + "?" : member.Type;
        var otherwise = member.Default is null ? $"default({type})"
            : member.IsNullable ? $"reader.IsNull ? default({type}) : {member.Default}"
            : member.Default;
        code.Line($"{type} {local} = {local}_isSent ? {wire.Conversion.Replace(StepModel.Value, sent + "!")} : {otherwise};");
        if (member.Steps.Count > 0)
        {
            var isChecked = !IsLater(member) && (member.IsNullable || member.Default is not null);
            if (isChecked)
            {
                EmitSteps(code, member, index, local, canBeNull: member.IsNullable);
            }
            else
            {
                code.Open($"if ({local}_isSent)");
                EmitSteps(code, member, index, local, canBeNull: member.IsNullable);
                code.Close();
            }
        }

        if (IsLater(member) && member.IsNullable)
        {
            code.Line($"{local}_isSent = {local}_isSent || reader.IsNull;");
        }

        code.Blank();
    }

    private static void EmitReadLater(CodeWriter code, MemberModel member, int index, string local)
    {
        var isNullableValue = member is { IsNullable: true, IsValueType: true };
        var sent = isNullableValue ? local + "_sent" : local;
        code.Line($"bool {local}_isSent = {Call(member, index, sent)};");
        if (isNullableValue)
        {
            code.Line($"{member.Type}? {local} = {local}_isSent ? {sent} : null;");
        }

        if (member.Steps.Count > 0)
        {
            code.Open($"if ({local}_isSent)");
            EmitSteps(code, member, index, local, canBeNull: member.IsNullable);
            code.Close();
        }

        if (member.IsNullable)
        {
            code.Line($"{local}_isSent = {local}_isSent || reader.IsNull;");
        }

        code.Blank();
    }

    private static void EmitSet(CodeWriter code, MemberModel member, int index)
    {
        var local = Local(member, index);
        code.Open($"if ({local}_isSent)");
        code.Line(Set(member, local));
        code.Close();
        if (!LooksAtDefault(member))
        {
            code.Blank();
            return;
        }

        // What the object has of itself is formatted and checked like what is sent.
        code.Open("else");
        code.Line($"{local} = result.{Literals.Identifier(member.Property)};");
        if (member.MustNotBeNull)
        {
            var text = member.MissingText is null ? "" : $", {Literals.Text(member.MissingText)}";
            code.Open($"if ({local} is null)");
            code.Line($"reader.Require({index}, null{text});");
            code.Close();
            code.Blank();
        }

        EmitSteps(code, member, index, local, canBeNull: member.IsNullable || !member.IsValueType);
        if (member.Steps.Any(step => step.Kind == StepKind.Format))
        {
            code.Line(Set(member, local));
        }

        code.Close();
        code.Blank();
    }

    private static string Set(MemberModel member, string local) =>
        member.Setter is { } setter
            ? $"{setter.Call}({(setter.IsByReference ? "ref " : "")}result, {local}{Forgiving(member)});"
            : $"result.{Literals.Identifier(member.Property)} = {local}{Forgiving(member)};";

    private static void EmitSteps(CodeWriter code, MemberModel member, int index, string local, bool canBeNull)
    {
        var isNullableValue = member is { IsNullable: true, IsValueType: true };
        var value = isNullableValue ? local + ".Value" : local;
        foreach (var step in member.Steps)
        {
            var guard = canBeNull ? $"{local} is not null" : null;
            var check = step.Kind == StepKind.Check ? step.Code.Replace(StepModel.Value, value) : null;
            var condition = guard is null ? check : check is null ? guard : $"{guard} && ({check})";
            var statement = step.Kind switch
            {
                StepKind.Format => $"{local} = {Api.Rules}Format<{step.Code}, {member.Type}>({value});",
                StepKind.Validate => $"reader.Validate<{step.Code}, {member.Type}>({index}, {value});",
                _ => $"reader.Refuse({index}, {step.Message});",
            };
            if (condition is null)
            {
                code.Line(statement);
            }
            else
            {
                code.Open($"if ({condition})");
                code.Line(statement);
                code.Close();
            }

            code.Blank();
        }

        if (member.RequiresAfterFormat)
        {
            var text = member.MissingText is null ? "" : $", {Literals.Text(member.MissingText)}";
            code.Line($"reader.Require({index}, {local}{text});");
        }
    }

    /// <summary>Writes the method that asks a record's validators that have services.</summary>
    public static void EmitAsks(CodeWriter code, RecordModel record, bool isMarked)
    {
        if (!HasAsks(record))
        {
            return;
        }

        FileHeader.WriteMark(code, isMarked);
        code.Open(
            $"internal static async global::System.Threading.Tasks.ValueTask<string?> Ask_{record.Key}("
            + $"{record.Type} input, global::Polywire.ActionContext context)");
        code.Line("string? text;");
        for (var i = 0; i < record.Members.Count; i++)
        {
            var member = record.Members[i];
            if (member.Asks.Count == 0)
            {
                continue;
            }

            code.Open($"if (input.{Literals.Identifier(member.Property)} is {{ }} {Local(member, i)})");
            foreach (var validator in member.Asks)
            {
                var arguments = $"{Local(member, i)}, {Literals.Text(member.Name)}, context";
                code.Line($"text = await {Api.Rules}ValidateAsync<{validator}, {member.Type}>({arguments}).ConfigureAwait(false);");
                code.Open("if (text is not null)");
                code.Line("return text;");
                code.Close();
                code.Blank();
            }

            code.Close();
            code.Blank();
        }

        code.Line("return null;");
        code.Close();
        code.Blank();
    }

    /// <summary>Whether any of a record's validators has services.</summary>
    public static bool HasAsks(RecordModel record) => record.Members.Any(member => member.Asks.Count > 0);

    private static void EmitCreation(CodeWriter code, string before, RecordModel record)
    {
        var members = record.Members.Select((member, index) => (Member: member, Local: Local(member, index) + Forgiving(member))).ToList();
        var arguments = members.Where(pair => pair.Member.Argument >= 0)
            .OrderBy(pair => pair.Member.Argument)
            .Select(pair => record.NamesArguments ? $"{Literals.Identifier(pair.Member.ArgumentName)}: {pair.Local}" : pair.Local)
            .Concat(record.FixedArguments);
        var set = members.Where(pair => pair.Member is { Argument: < 0, IsAlwaysSet: true }).ToList();
        var creation = $"{before} new {record.Type}({string.Join(", ", arguments)})";
        if (set.Count == 0)
        {
            code.Line(creation + ";");
            return;
        }

        code.Open(creation);
        foreach (var (member, local) in set)
        {
            code.Line($"{Literals.Identifier(member.Property)} = {local},");
        }

        code.Close("};");
    }

    // A required value that is missing has ended the binder before.
    private static string Forgiving(MemberModel member) => member is { IsNullable: false, IsValueType: false } ? "!" : "";
}
