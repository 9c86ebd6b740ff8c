using System.Globalization;
using System.Text.Json;
using Polywire.Json;

namespace Polywire.Schemas;

/// <summary>The documentation of all actions as one JSON object (core.md B-2).</summary>
/// <remarks>Written once, when the host starts: what JSON cannot write stops the start, not a client's connection.</remarks>
internal static class ActionDocumentation
{
    /// <summary><c>{NAME:{VERSION:{name, version, description, inputs, outputExample}}}</c>.</summary>
    /// <exception cref="InvalidOperationException">A default or an example cannot be written; the message names the action.</exception>
    public static byte[] Write(IReadOnlyList<ActionDescriptor> actions, PolywireJson json)
    {
        using var buffer = ResponseBuffer.Rent();
        var writer = buffer.Writer;
        writer.WriteStartObject();
        foreach (var versions in actions.Where(action => action.Documented).GroupBy(action => action.Name))
        {
            writer.WriteStartObject(versions.Key);
            foreach (var action in versions)
            {
                writer.WritePropertyName(action.Version.ToString());
                try
                {
                    Write(writer, action, json);
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException(
                        $"Action {action} cannot be documented: its output example or the default of an input cannot be written as JSON.", exception);
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, ActionDescriptor action, PolywireJson json)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, action.Name);
        if (action.Version.IsNumber)
        {
            writer.WriteNumber("version"u8, action.Version.Number);
        }
        else
        {
            writer.WriteString("version"u8, action.Version.ToString());
        }

        writer.WriteString("description"u8, action.Description);
        writer.WriteStartObject("inputs"u8);
        WriteInputs(writer, action.Inputs, json);
        writer.WriteEndObject();
        writer.WritePropertyName("outputExample"u8);
        WriteValue(writer, action.OutputExample, json, emptyObject: true);
        writer.WriteEndObject();
    }

    private static void WriteInputs(Utf8JsonWriter writer, IReadOnlyList<InputDescriptor> inputs, PolywireJson json)
    {
        foreach (var input in inputs)
        {
            writer.WriteStartObject(input.Name);
            writer.WriteString("type"u8, input.Type);
            writer.WriteBoolean("required"u8, input.Required);
            if (input is { HasDefault: true, Default: not null })
            {
                writer.WritePropertyName("default"u8);
                WriteValue(writer, input.Default, json, emptyObject: false);
            }

            if (input.Description is not null)
            {
                writer.WriteString("description"u8, input.Description);
            }

            if (input.Secret)
            {
                writer.WriteBoolean("secret"u8, true);
            }

            foreach (var (name, limit) in input.Constraints)
            {
                writer.WritePropertyName(name);
                WriteValue(writer, limit, json, emptyObject: false);
            }

            if (input.Members.Count > 0)
            {
                writer.WriteStartObject("schema"u8);
                WriteInputs(writer, input.Members, json);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value, PolywireJson json, bool emptyObject)
    {
        switch (value)
        {
            case null when emptyObject:
                writer.WriteStartObject();
                writer.WriteEndObject();
                break;
            case null:
                writer.WriteNullValue();
                break;
            case double number when !double.IsFinite(number):
                writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case float number when !float.IsFinite(number):
                writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                JsonSerializer.Serialize(writer, value, json.GetTypeInfo(value.GetType()));
                break;
        }
    }
}
