using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.Pipeline;

/// <summary>Writes what every transport's answer begins with: the action's own keys and the error. Safe to use concurrently.</summary>
[Experimental("PWX0001")]
public sealed partial class ResponseWriter
{
    // As deep as the writer goes.
    private const int MaxDepth = 1000;

    private readonly NonFinite _nonFinite;
    private readonly PolywireJson _json;
    private readonly ErrorCatalog _texts;
    private readonly UnexpectedErrors _unexpected;
    private readonly ILogger<ResponseWriter> _logger;

    internal ResponseWriter(
        PolywireJson json,
        ErrorCatalog texts,
        UnexpectedErrors unexpected,
        ILogger<ResponseWriter> logger)
    {
        _json = json;
        _texts = texts;
        _unexpected = unexpected;
        _logger = logger;
        _nonFinite = new(json.Options);
    }

    /// <summary>
    /// Writes <c>{</c> and the members of the answer, without the closing brace. An answer that is not an object is wrapped as
    /// <c>{"response":VALUE</c>. Keys of <paramref name="reserved"/> are left out: the protocol's value wins. A key that was set beside
    /// the answer replaces the answer's own.
    /// </summary>
    /// <param name="buffer">The buffer to write to, from its end on.</param>
    /// <param name="response">The outcome of the run.</param>
    /// <param name="reserved">The protocol's own keys.</param>
    /// <param name="allowsBare">Whether an answer that is no object may stand alone; then nothing can follow it.</param>
    public AnswerForm WriteOpen(ResponseBuffer buffer, in ActionResponse response, ReservedNames reserved, bool allowsBare = false)
    {
        var start = buffer.Length;
        var error = response.Error;
        try
        {
            if (error is null && response.Result is ActionResult { IsRaw: true })
            {
                // Its transport has sent it otherwise, or cannot.
                error = new ActionError { Status = ActionStatus.GenericError, Message = _texts.UnsupportedAnswer };
            }

            var isBare = WriteResult(buffer, response, reserved, error is not null, allowsBare && response.Extra is null, out var hasError);
            if (isBare)
            {
                if (error is not null)
                {
                    // A text or list cannot carry an error and gives way to it (core.md P-9).
                    buffer.Truncate(start);
                    buffer.Writer.Reset(buffer);
                    buffer.Writer.WriteStringValue($"Error: {error.Message}");
                    buffer.Writer.Flush();
                }

                return new AnswerForm(isBare: true, hasError: error is not null);
            }

            WriteExtra(buffer, start, response.Extra, reserved, error is not null, ref hasError);
            if (error is not null && !hasError)
            {
                WriteError(buffer, start, error);
            }

            return new AnswerForm(isBare: false, hasError: hasError || error is not null);
        }
        catch (Exception exception)
        {
            // The answer's own type could not be written. The client is owed an answer all the same.
            var told = Explain(exception, response);
            Log.NotSerializable(_logger, told, response.Action);
            _unexpected.Report(new ExceptionReport
            {
                Exception = told,
                Source = ExceptionSource.Action,
                Name = response.Action?.ToString() ?? string.Empty,
                Connection = response.Connection,
            });
            buffer.Writer.Reset(buffer);
            buffer.Truncate(start);
            buffer.Write((byte)'{');
            WriteError(buffer, start, new ActionError { Status = ActionStatus.GenericError, Message = _texts.InternalError });
            return new AnswerForm(isBare: false, hasError: true, isFault: true);
        }
    }

    // For a number that JSON has no word for, the serialiser does not say where it stands.
    private Exception Explain(Exception exception, in ActionResponse response)
    {
        if (exception is not ArgumentException)
        {
            return exception;
        }

        var member = ValueOf(response) is { } value ? _nonFinite.Find(value, "$") : null;
        foreach (var (name, extra) in response.Extra ?? new Dictionary<string, object?>())
        {
            member ??= extra is null ? null : _nonFinite.Find(extra, $"$.{name}");
        }

        member ??= response.Error?.Value is { } error ? _nonFinite.Find(error, "$.error") : null;
        return member is null ? exception : new JsonException($"{member} is not a number or infinite, which JSON cannot say.", exception);
    }

    /// <summary>The answer's value, and how it is written; null where there is none.</summary>
    private static object? ValueOf(in ActionResponse response) =>
        response.Result is ActionResult result
            ? result.TextContent ?? result.Value ?? (result.BytesContent is { } bytes ? Convert.ToBase64String(bytes.Span) : null)
            : response.Result;

    // Whether it stands alone.
    private bool WriteResult(
        ResponseBuffer buffer, in ActionResponse response, ReservedNames reserved, bool failed, bool allowsBare, out bool hasError)
    {
        hasError = false;
        var start = buffer.Length;
        var value = ValueOf(response);
        if (value is null)
        {
            buffer.Write((byte)'{');
            return false;
        }

        var writer = buffer.Writer;
        writer.Reset(buffer);
        var declared = response.Action?.OutputTypeInfo;
        var known = declared is not null && (declared.Type == value.GetType() || declared.Type.IsInstanceOfType(value));
        JsonSerializer.Serialize(writer, value, known ? declared! : _json.GetTypeInfo(value.GetType()));
        writer.Flush();
        if (buffer.WrittenSpan[start] != (byte)'{')
        {
            if (allowsBare)
            {
                return true;
            }

            buffer.Insert(start, "{\"response\":"u8);
            return false;
        }

        if (known && !failed && response.Action!.HasPlainOutput && response.Extra is null)
        {
            buffer.Truncate(buffer.Length - 1);
            return false;
        }

        buffer.OpenObject(start, reserved, response.Extra, failed, out hasError);
        return false;
    }

    private void WriteExtra(
        ResponseBuffer buffer, int start, IReadOnlyDictionary<string, object?>? extra, ReservedNames reserved, bool failed, ref bool hasError)
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

            if (name == "error")
            {
                var isError = value is not (null or false or "");
                if (failed && !isError)
                {
                    // The run's own takes its place.
                    continue;
                }

                hasError |= isError;
            }

            WriteName(buffer, start, name);
            var writer = buffer.Writer;
            writer.Reset(buffer);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, _json.GetTypeInfo(value.GetType()));
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
            var from = buffer.Length;
            JsonSerializer.Serialize(writer, error.Value, _json.GetTypeInfo(error.Value.GetType()));
            writer.Flush();
            if (MessageIn(buffer.WrittenSpan[from..]) is { Length: > 0 } message)
            {
                buffer.Truncate(from);
                writer.Reset(buffer);
                writer.WriteStringValue(message);
            }
        }

        writer.Flush();
    }

    // An object with a message reaches clients as that message (core.md E-6).
    private static string? MessageIn(ReadOnlySpan<byte> _json)
    {
        if (_json[0] != (byte)'{')
        {
            return null;
        }

        string? message = null;
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            if (isMessage)
            {
                message = reader.TokenType == JsonTokenType.String ? ParamValue.ReadString(ref reader) : null;
            }

            reader.Skip();
        }

        return message;
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
