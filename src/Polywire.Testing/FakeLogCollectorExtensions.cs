using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Polywire.Testing;

/// <summary>What a test asks of a <see cref="FakeLogCollector"/> beside its snapshot.</summary>
/// <remarks>Every method may be called by any thread, while others log.</remarks>
public static class FakeLogCollectorExtensions
{
    /// <summary>Waits for a record; one that is there already counts.</summary>
    /// <param name="logs">Where it is logged.</param>
    /// <param name="predicate">
    /// Called outside any lock, with each record collected, oldest first, until it answers true; it may see a record twice.
    /// </param>
    /// <param name="timeout">How long to wait, in real time.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <returns>The first record that fits.</returns>
    /// <exception cref="TimeoutException">No record fitted in time; the message lists those there are.</exception>
    public static async Task<FakeLogRecord> WaitForAsync(
        this FakeLogCollector logs, Func<FakeLogRecord, bool> predicate, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(logs);
        ArgumentNullException.ThrowIfNull(predicate);
        // What is there is found whatever the timeout.
        if (logs.GetSnapshot().FirstOrDefault(predicate) is { } found)
        {
            return found;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await foreach (var record in logs.GetLogsAsync(limit.Token).ConfigureAwait(false))
            {
                if (predicate(record))
                {
                    return record;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(Describe($"No log entry fitted within {timeout}. Entries:", logs.GetSnapshot()));
        }

        throw new UnreachableException();
    }

    /// <summary>Throws if anything was logged at <see cref="LogLevel.Error"/> or above.</summary>
    /// <param name="logs">Where it would have been logged.</param>
    /// <param name="expected">Answers true for an error that the test provoked on purpose; null where none is expected.</param>
    /// <exception cref="InvalidOperationException">There are unexpected errors; the message lists them.</exception>
    public static void ShouldHaveNoErrors(this FakeLogCollector logs, Func<FakeLogRecord, bool>? expected = null)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var errors = logs.GetSnapshot().Where(record => record.Level >= LogLevel.Error && expected?.Invoke(record) is not true).ToArray();
        if (errors.Length > 0)
        {
            throw new InvalidOperationException(Describe("Errors were logged:", errors));
        }
    }

    // A record's own text has neither category nor exception.
    private static string Describe(string heading, IEnumerable<FakeLogRecord> records)
    {
        var text = new StringBuilder(heading);
        foreach (var record in records)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{record.Level} {record.Category}[{record.Id.Id}] {record.Message}");
            if (record.Exception is not null)
            {
                text.AppendLine().Append(record.Exception);
            }
        }

        return text.ToString();
    }
}
