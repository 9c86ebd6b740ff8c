using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Json;

namespace Polywire.Pipeline;

/// <summary>Writes what every transport's answer begins with: the action's own keys and the error.</summary>
internal sealed partial class ResponseWriter(PolywireJson json, ErrorCatalog texts, ILogger<ResponseWriter> logger)
{
    /// <summary>
    /// Writes <c>{</c> and the members of the answer, without the closing brace. An answer that is not an object is wrapped as
    /// <c>{"response":VALUE</c>. Keys of <paramref name="reserved"/> are left out: the protocol's value wins. A key that was set beside
    /// the answer replaces the answer's own.
    /// </summary>
    public void WriteOpen(ResponseBuffer buffer, in ActionResponse response, ReservedNames reserved)
    {
        var start = buffer.Length;
        var error = response.Error;
        try
        {
            WriteResult(buffer, response, reserved, error is not null, out var hasError);
            WriteExtra(buffer, start, response.Extra, reserved, ref hasError);
            if (error is not null && !hasError)
            {
                WriteError(buffer, start, error);
            }
        }
        catch (Exception exception)
        {
            // The answer's own type could not be written. The client is owed an answer all the same.
            Log.NotSerializable(logger, exception, response.Action);
            buffer.Writer.Reset(buffer);
            buffer.Truncate(start);
            buffer.Write((byte)'{');
            WriteError(buffer, start, new ActionError(ActionStatus.GenericError, texts.InternalError));
        }
    }

    /// <summary>The answer's value, and how it is written; null where there is none.</summary>
    private static object? ValueOf(in ActionResponse response) =>
        response.Result is ActionResult result ? result.TextContent ?? result.Value : response.Result;

    private void WriteResult(
        ResponseBuffer buffer, in ActionResponse response, ReservedNames reserved, bool failed, out bool hasError)
    {
        hasError = false;
        var start = buffer.Length;
        var value = ValueOf(response);
        if (value is null)
        {
            buffer.Write((byte)'{');
            return;
        }

        var writer = buffer.Writer;
        writer.Reset(buffer);
        var declared = response.Action?.OutputTypeInfo;
        var known = declared is not null && (declared.Type == value.GetType() || declared.Type.IsInstanceOfType(value));
        JsonSerializer.Serialize(writer, value, known ? declared! : json.GetTypeInfo(value.GetType()));
        writer.Flush();
        if (buffer.WrittenSpan[start] != (byte)'{')
        {
            buffer.Insert(start, "{\"response\":"u8);
            return;
        }

        if (known && !failed && response.Action!.HasPlainOutput && response.Extra is null)
        {
            buffer.Truncate(buffer.Length - 1);
            return;
        }

        buffer.OpenObject(start, reserved, response.Extra, out hasError);
    }

    private void WriteExtra(
        ResponseBuffer buffer, int start, IReadOnlyDictionary<string, object?>? extra, ReservedNames reserved, ref bool hasError)
    {
        if (extra is null)
        {
            return;
        }

        foreach (var (name, value) in extra)
        {
            if (reserved.Contains(name))
            {
                continue;
            }

            hasError |= name == "error";
            WriteName(buffer, start, name);
            var writer = buffer.Writer;
            writer.Reset(buffer);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, json.GetTypeInfo(value.GetType()));
            }

            writer.Flush();
        }
    }

    private void WriteError(ResponseBuffer buffer, int start, ActionError error)
    {
        WriteName(buffer, start, "error");
        var writer = buffer.Writer;
        writer.Reset(buffer);
        if (error.Value is null)
        {
            writer.WriteStringValue(error.Message);
        }
        else
        {
            JsonSerializer.Serialize(writer, error.Value, json.GetTypeInfo(error.Value.GetType()));
        }

        writer.Flush();
    }

    private static void WriteName(ResponseBuffer buffer, int start, string name)
    {
        if (buffer.Length > start + 1)
        {
            buffer.Write((byte)',');
        }

        var writer = buffer.Writer;
        writer.Reset(buffer);
        writer.WriteStringValue(name);
        writer.Flush();
        buffer.Write((byte)':');
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AnswerNotSerializable, LogLevel.Error, "The answer of action {Action} could not be written as JSON")]
        public static partial void NotSerializable(ILogger logger, Exception exception, ActionDescriptor? action);
    }
}
