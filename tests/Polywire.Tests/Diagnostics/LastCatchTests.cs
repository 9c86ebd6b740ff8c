using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;
using Polywire.Outbound;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Diagnostics;

/// <summary>Code of the application that throws where nobody stands behind: on timers, pool threads and the finalizer's.</summary>
public sealed class LastCatchTests
{
    [Fact]
    public void AReporterAndALogProviderThatThrow_ReachNobody()
    {
        var errors = new UnexpectedErrors(
            new ErrorCatalog(), [new Failing()], Options.Create(new PolywireOptions { ExposeMessages = false }), null!, new Failing());

        Should.NotThrow(() => errors.Report(new ExceptionReport { Exception = new InvalidOperationException("first"), Source = ExceptionSource.Uncaught }));
    }

    [Fact]
    public async Task AnOwnerThatThrows_DoesNotEndTheProcess()
    {
        var owner = new FailingOwner();
        var pipe = new Pipe();
        var queue = new OutboundQueue(pipe.Writer, new OutboundLimits(1000, 10), owner);
        await pipe.Writer.CompleteAsync();

        // Written by a thread of the pool.
        queue.SendShared("x"u8.ToArray()).ShouldBe(Delivery.Delivered);

        await owner.Told.Task.WithinLimit();
        await Until.TrueAsync(() => queue.IsAborted);
    }

    private sealed class FailingOwner : IOutboundOwner
    {
        public TaskCompletionSource Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnOverflow(int droppedMessages) => throw new InvalidOperationException("overflow");

        public void OnWriteFailed(Exception? exception)
        {
            Told.SetResult();
            throw new InvalidOperationException("thrown by a log provider");
        }
    }

    private sealed class Failing : IExceptionReporter, ILogger<UnexpectedErrors>
    {
        public void Report(ExceptionReport report) => throw new InvalidOperationException("thrown by a reporter");

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("thrown by a log provider");
    }
}
