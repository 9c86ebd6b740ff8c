using Polywire.Generators.Models;

namespace Polywire.Generators.Emission;

/// <summary>Writes the method that makes one record from what was sent.</summary>
internal static class BinderEmitter
{
    public static void Emit(CodeWriter code, RecordModel record)
    {
        code.Open($"internal static {record.Type} Bind_{record.Key}(ref InputReader reader)");
        for (var i = 0; i < record.Members.Count; i++)
        {
            EmitRead(code, record.Members[i], i);
        }

        if (record.Members.Count > 0)
        {
            code.Open("if (reader.HasFailed)");
            code.Line("return default!;");
            code.Close();
            code.Blank();
        }

        EmitInitializers(code, record);
        EmitCreation(code, "return", record, _ => true);
        code.Close();
    }

    private static string Local(MemberModel member, int index)
    {
        var name = member.Property;
        return char.ToLowerInvariant(name[0]) + name.Substring(1) + index;
    }

    private static string Call(MemberModel member, int index, string result)
    {
        var text = member.MissingText is null ? "" : $", missingText: {Literals.Text(member.MissingText)}";
        var formatted = member.RequiresAfterFormat ? ", isFormatted: true" : "";
        return member.IsText
            ? $"reader.TryReadText<{member.Type}>({index}, {member.Converter}, out var {result}{formatted}{text})"
            : $"reader.TryRead<{member.Type}>({index}, {member.Converter}, out var {result}{text})";
    }

    private static void EmitRead(CodeWriter code, MemberModel member, int index)
    {
        var local = Local(member, index);
        if (member.HasInitializer)
        {
            EmitReadWithInitializer(code, member, index, local);
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
            EmitSteps(code, member, index, local);
        }
        else if (member.Steps.Count == 0)
        {
            code.Line(Call(member, index, local) + ";");
            code.Blank();
        }
        else
        {
            code.Open($"if ({Call(member, index, local)})");
            EmitSteps(code, member, index, local);
            code.Close();
            code.Blank();
        }
    }

    private static void EmitReadNullable(CodeWriter code, MemberModel member, int index, string local)
    {
        if (member.IsValueType)
        {
            var otherwise = member.Default is null ? "null" : $"reader.IsNull ? null : {member.Default}";
            code.Line($"{member.Type}? {local} = {Call(member, index, local + "Sent")} ? {local}Sent : {otherwise};");
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
        EmitSteps(code, member, index, local);
    }

    private static void EmitReadWithInitializer(CodeWriter code, MemberModel member, int index, string local)
    {
        var isNullableValue = member is { IsNullable: true, IsValueType: true };
        var sent = isNullableValue ? local + "Sent" : local;
        if (isNullableValue)
        {
            code.Line($"{member.Type}? {local} = null;");
        }

        code.Line($"var {local}IsSent = {Call(member, index, sent)};");
        if (isNullableValue || member.Steps.Count > 0)
        {
            code.Open($"if ({local}IsSent)");
            if (isNullableValue)
            {
                code.Line($"{local} = {sent};");
            }

            EmitSteps(code, member, index, local);
            code.Close();
        }

        if (member.IsNullable)
        {
            code.Line($"{local}IsSent = {local}IsSent || reader.IsNull;");
        }

        code.Blank();
    }

    // What only the type's initializers know is taken from an instance that was made without it.
    private static void EmitInitializers(CodeWriter code, RecordModel record)
    {
        var members = record.Members
            .Select((member, index) => (Member: member, Index: index))
            .Where(pair => pair.Member.HasInitializer)
            .ToList();
        if (members.Count == 0)
        {
            return;
        }

        var sent = members.ConvertAll(pair => Local(pair.Member, pair.Index) + "IsSent");
        code.Open(sent.Count == 1 ? $"if (!{sent[0]})" : $"if (!({string.Join(" && ", sent)}))");
        EmitCreation(code, "var initial =", record, member => member.Argument >= 0 || member.MustBeSet);
        code.Blank();
        foreach (var (member, index) in members)
        {
            var local = Local(member, index);
            if (members.Count > 1)
            {
                code.Open($"if (!{local}IsSent)");
            }

            code.Line($"{local} = initial.{Literals.Identifier(member.Property)};");
            EmitSteps(code, member, index, local);
            if (members.Count > 1)
            {
                code.Close();
            }
        }

        if (members.Exists(pair => pair.Member.Steps.Count > 0))
        {
            code.Open("if (reader.HasFailed)");
            code.Line("return default!;");
            code.Close();
        }

        code.Close();
        code.Blank();
    }

    private static void EmitSteps(CodeWriter code, MemberModel member, int index, string local)
    {
        var isNullableValue = member is { IsNullable: true, IsValueType: true };
        var value = isNullableValue ? local + ".Value" : local;
        foreach (var step in member.Steps)
        {
            var guard = member.IsNullable || member is { HasInitializer: true, IsValueType: false } ? $"{local} is not null" : null;
            var check = step.Kind == StepKind.Check ? step.Code.Replace(StepModel.Value, value) : null;
            var condition = guard is null ? check : check is null ? guard : $"{guard} && ({check})";
            var statement = step.Kind switch
            {
                StepKind.Format => $"{local} = InputRules.Format<{step.Code}, {member.Type}>({value});",
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

    private static void EmitCreation(CodeWriter code, string before, RecordModel record, Func<MemberModel, bool> isUsed)
    {
        var members = record.Members.Select((member, index) => (Member: member, Local: Local(member, index) + Forgiving(member))).ToList();
        var arguments = members.Where(pair => pair.Member.Argument >= 0)
            .OrderBy(pair => pair.Member.Argument)
            .Select(pair => pair.Local);
        var set = members.Where(pair => pair.Member.Argument < 0 && isUsed(pair.Member)).ToList();
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
