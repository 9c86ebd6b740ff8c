namespace Polywire;

/// <summary>Hears of every exception that nobody expected, to tell a service for errors of it.</summary>
/// <remarks>
/// Register any number with <c>AddExceptionReporter</c>; all are called, in that order, besides the log. An <see cref="ActionException"/>
/// is an answer and is not reported. A singleton: called concurrently. Source: docs/protocol/errors.md, "Exception reporters".
/// </remarks>
public interface IExceptionReporter
{
    /// <summary>Takes a report. Called where the exception was caught, so it should queue what takes long.</summary>
    /// <remarks>What it throws is logged; the other reporters are called all the same.</remarks>
    void Report(ExceptionReport report);
}
