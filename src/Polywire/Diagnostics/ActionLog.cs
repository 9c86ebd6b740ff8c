using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Json;

namespace Polywire.Diagnostics;

/// <summary>Writes the one line of each run (core.md 5.4), with secrets and long texts taken out.</summary>
internal sealed partial class ActionLog(ILoggerFactory loggers, IOptions<PolywireOptions> options)
{
    private const string Filtered = "[FILTERED]";
    private readonly ILogger _logger = loggers.CreateLogger("Polywire.Actions");
    private readonly HashSet<string> _filtered = new(options.Value.FilteredParams, StringComparer.Ordinal);
    private readonly int _maxLength = options.Value.MaxLogStringLength;

    /// <summary>Whether an action's line is written at all.</summary>
    public bool Writes(ActionDescriptor? action) => _logger.IsEnabled(action?.LogLevel ?? LogLevel.Information);

    /// <summary>Writes the line of one run.</summary>
    /// <param name="context">Has the params.</param>
    /// <param name="connection">Who asked.</param>
    /// <param name="action">What ran; null where no action was found.</param>
    /// <param name="inputs">What is known of the params: the action's inputs, or where there is none every secret of any action.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    /// <param name="duration">From the request to the answer.</param>
    public void Completed(
        ActionContext context,
        Connection connection,
        ActionDescriptor? action,
        IReadOnlyList<InputDescriptor> inputs,
        ActionError? error,
        TimeSpan duration)
    {
        var level = action?.LogLevel ?? LogLevel.Information;
        if (!_logger.IsEnabled(level))
        {
            return;
        }

        var name = action?.Name ?? (context.Params.Set is { } set && set.TryFind("action"u8, out var sent) ? LogText.OneLine(sent.GetText(), _maxLength) : string.Empty);
        Log.ActionCompleted(
            _logger, level, connection.Type, connection.RemoteIP, name, Describe(context.Params.Set, inputs), duration.TotalMilliseconds, error?.Message);
    }

    /// <summary>Tells of an exception that nobody expected.</summary>
    public void Failed(ActionDescriptor action, Connection connection, Exception exception, string traceId) =>
        Log.ActionFailed(_logger, exception, action, connection.Type, traceId);

    /// <summary>Tells how a run ended that had been answered long before.</summary>
    public void AbandonedFailed(ActionDescriptor action, Exception exception) => Log.AbandonedActionFailed(_logger, exception, action);

    /// <summary>The params that were sent, as JSON text, filtered.</summary>
    internal string Describe(ParamSet? set, IReadOnlyList<InputDescriptor> inputs)
    {
        if (set is null || set.Count == 0)
        {
            return "{}";
        }

        using var buffer = ResponseBuffer.Rent();
        var writer = buffer.Writer;
        writer.WriteStartObject();
        foreach (var index in set.DistinctIndexes())
        {
            var value = set.ValueAt(index);
            var input = Find(inputs, set.NameAt(index));
            if (_filtered.Count == 0 && value.Kind == ParamKind.Text && value.Bytes.Length <= _maxLength
                && (input is null || (!input.Secret && input.Members.Count == 0)))
            {
                // A short text that nobody hides, as most are, is shown as it came.
                writer.WriteString(set.NameAt(index), value.Bytes);
                continue;
            }

            var name = Encoding.UTF8.GetString(set.NameAt(index));
            writer.WritePropertyName(name);
            if (input?.Secret == true || _filtered.Contains(name))
            {
                writer.WriteStringValue(Filtered);
            }
            else
            {
                Write(writer, name, value, input);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static InputDescriptor? Find(IReadOnlyList<InputDescriptor> inputs, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Utf8Name.SequenceEqual(name))
            {
                return inputs[i];
            }
        }

        return null;
    }

    private static bool HasSecret(IReadOnlyList<InputDescriptor> inputs) => inputs.Any(input => input.Secret || HasSecret(input.Members));

    private void Write(Utf8JsonWriter writer, string name, ParamValue value, InputDescriptor? input)
    {
        var hides = (input is not null && HasSecret(input.Members)) || _filtered.Any(path => path.StartsWith($"{name}.", StringComparison.Ordinal));
        if (value.IsString)
        {
            var text = value.GetText();

            // Members may be sent as JSON text. Nobody looks into it for a log line, so it is not shown at all.
            var hidden = hides && text.AsSpan().TrimStart() is ['{' or '[', ..];
            writer.WriteStringValue(hidden ? Filtered : LogText.Cut(text, _maxLength));
        }
        else if (hides && (value.Bytes[0] is (byte)'{' or (byte)'['))
        {
            using var document = JsonDocument.Parse(value.Bytes.ToArray());
            WriteFiltered(writer, document.RootElement, name, input);
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private void WriteFiltered(Utf8JsonWriter writer, JsonElement element, string path, InputDescriptor? input)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in element.EnumerateArray())
            {
                WriteFiltered(writer, item, path, input);
            }

            writer.WriteEndArray();
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            element.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in element.EnumerateObject())
        {
            var member = input?.Members.FirstOrDefault(candidate => candidate.Name == property.Name);
            var inner = $"{path}.{property.Name}";
            writer.WritePropertyName(property.Name);
            if (member?.Secret == true || _filtered.Contains(inner))
            {
                writer.WriteStringValue(Filtered);
            }
            else
            {
                WriteFiltered(writer, property.Value, inner, member);
            }
        }

        writer.WriteEndObject();
    }

    private static partial class Log
    {
        // The parameter's upper case keeps the generator from calling the value "@params".
        [LoggerMessage(
            EventId = EventIds.ActionCompleted,
            Message = "[ action @ {Type} ] to={To} action={Action} params={Params} duration={Duration} error={Error}")]
        public static partial void ActionCompleted(
            ILogger logger, LogLevel level, string type, string to, string action, string Params, double duration, string? error);

        [LoggerMessage(EventIds.ActionFailed, LogLevel.Error, "Action {Action} failed on {Type} with an exception that is not an ActionException (trace {TraceId})")]
        public static partial void ActionFailed(ILogger logger, Exception exception, ActionDescriptor action, string type, string traceId);

        [LoggerMessage(EventIds.AbandonedActionFailed, LogLevel.Warning, "Action {Action} failed after it had been answered at its deadline")]
        public static partial void AbandonedActionFailed(ILogger logger, Exception exception, ActionDescriptor action);
    }
}
