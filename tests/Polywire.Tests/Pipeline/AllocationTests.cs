using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Pipeline;

/// <summary>A run that ends without waiting costs what the application itself makes, and nothing more.</summary>
[Collection(Alone.Name)]
public sealed class AllocationTests
{
    private const int Runs = 2_000;

    [Fact]
    public async Task AWarmSynchronousRunAllocatesOnlyTheApplicationsOwnObjects()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMetrics();
        builder.AddPolywire().AddAction(new ActionDescriptor<Input, Output>(
            "add",
            new ActionVersion(1),
            static _ => new AddAction(),
            static (ref reader) => Bind(ref reader))
        {
            Inputs = [new InputDescriptor("a") { Required = true }, new InputDescriptor("b") { Required = true }],
        });
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var services = host.Services.GetRequiredService<ConnectionServices>();
        var connection = new InProcessConnection(services);
        var json = new ReadOnlySequence<byte>("""{"action":"add","a":1,"b":2}"""u8.ToArray());
        var reserved = new ReservedNames("context", "messageId");
        Measure(() => RunOnce(services, connection, json, reserved));

        var own = Measure(static () => new AddAction().Run(new Input(1, 2)));
        var whole = Measure(() => RunOnce(services, connection, json, reserved));

        own.ShouldBeGreaterThan(0);
        whole.ShouldBe(own);
        connection.PendingActions.ShouldBe(0);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Bytes for each of many calls, the smallest of several rounds: what the runtime does by itself is in some of them only.</summary>
    private static long Measure(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Runs; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / Runs;
    }

    private static void RunOnce(ConnectionServices services, InProcessConnection connection, ReadOnlySequence<byte> json, ReservedNames reserved)
    {
        var set = ParamSet.Rent();
        var reader = new Utf8JsonReader(set.Load(json));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            set.AddMember(ref reader, 0);
        }

        var context = ActionContextPool.Rent();
        context.Params.Attach(set);
        var run = services.Processor.ProcessAsync(connection, context);
        if (!run.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The run waited.");
        }

        var response = run.Result;
        using (var buffer = ResponseBuffer.Rent())
        {
            services.Responses.WriteOpen(buffer, response, reserved);
            if (!buffer.WrittenSpan.SequenceEqual("""{"sum":3"""u8))
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(buffer.WrittenSpan));
            }
        }

        services.Processor.End(response);
    }

    private static Input Bind(ref Polywire.Binding.InputReader reader)
    {
        // As short as it can be: what binders cost is measured with the generator's.
        _ = reader;
        return new Input(1, 2);
    }

    private sealed record Input(int A, int B);

    private sealed record Output(int Sum);

    private sealed class AddAction : IAction<Input, Output>
    {
        private int _runs;

        public Output Run(Input input)
        {
            _runs++;
            return new Output(input.A + input.B);
        }

        public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(Run(input));
    }
}
