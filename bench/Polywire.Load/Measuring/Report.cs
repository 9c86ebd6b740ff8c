using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Polywire.Load.Measuring;

/// <summary>One result: named values in order, printed as one JSON line and as a table.</summary>
internal sealed class Report
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<KeyValuePair<string, object?>> _values = [];

    public Report(string scenario, string? phase = null)
    {
        Scenario = scenario;
        Phase = phase;
        _values.Add(new("scenario", scenario));
        if (phase is not null)
        {
            _values.Add(new("phase", phase));
        }
    }

    public string Scenario { get; }

    public string? Phase { get; }

    /// <summary>Whether this result makes the program end with 1.</summary>
    public bool Failed { get; set; }

    /// <summary>Those values that are numbers, by name.</summary>
    public IEnumerable<KeyValuePair<string, double>> Numbers =>
        from pair in _values
        where pair.Value is long or double or int
        select new KeyValuePair<string, double>(pair.Key, Convert.ToDouble(pair.Value, CultureInfo.InvariantCulture));

    public Report Add(string name, object? value)
    {
        _values.Add(new(name, value));
        return this;
    }

    /// <summary>Adds the percentiles in microseconds.</summary>
    public Report AddLatency(LatencyHistogram latency, string prefix = "") =>
        Add(prefix + "p50_us", Micros(latency.Quantile(0.5)))
            .Add(prefix + "p90_us", Micros(latency.Quantile(0.9)))
            .Add(prefix + "p99_us", Micros(latency.Quantile(0.99)))
            .Add(prefix + "p999_us", Micros(latency.Quantile(0.999)))
            .Add(prefix + "max_us", Micros(latency.Max));

    /// <summary>Adds the counters of <paramref name="tally"/> and takes its verdict over.</summary>
    public Report AddTally(Tally tally, bool refusalsAreFailures = true)
    {
        Failed |= tally.Failed || (refusalsAreFailures && tally.Refused > 0);
        Add("errors", tally.Errors).Add("refused", tally.Refused).Add("unexpected", tally.Unexpected)
            .Add("closed", tally.Closed).Add("lost", tally.Lost);
        return tally.First is { } first ? Add("first_problem", first) : this;
    }

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            foreach (var (name, value) in _values)
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _values)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name,-26} {Show(value)}\n");
        }

        return text.ToString();
    }

    private static double Micros(long nanoseconds) => nanoseconds / 1000.0;

    private static string Show(object? value) => value switch
    {
        null => "-",
        double number => number.ToString(Math.Abs(number) < 100 ? "0.##" : "#,0", CultureInfo.InvariantCulture),
        long number => number.ToString("#,0", CultureInfo.InvariantCulture),
        int number => number.ToString("#,0", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, Math.Round(number, 3)); break;
            case double: json.WriteNull(name); break;
            case long number: json.WriteNumber(name, number); break;
            case int number: json.WriteNumber(name, number); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            default: json.WriteString(name, value.ToString()); break;
        }
    }
}
