using System.Text;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Pipeline;
using Polywire.Testing;

namespace Polywire.Tests.Fakes;

/// <summary>A test over whole hosts; it fails if any of them logged an error that it did not expect.</summary>
public abstract class HostTest : IAsyncDisposable
{
    private readonly List<PolywireTestHost> _hosts = [];

    /// <summary>Which errors the test provokes on purpose.</summary>
    protected Func<FakeLogRecord, bool>? ExpectedErrors { get; set; }

    protected async Task<PolywireTestHost> StartAsync(Action<IPolywireBuilder> configure, Action<PolywireTestHostOptions>? options = null)
    {
        var host = await PolywireTestHost.StartAsync(configure, options, Xunit.TestContext.Current.CancellationToken);
        _hosts.Add(host);
        return host;
    }

    /// <remarks>Overridden where a test holds more: the runner calls no <c>Dispose</c> beside it.</remarks>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
            host.Logs.ShouldHaveNoErrors(ExpectedErrors);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Runs an action from its params as JSON and gives the answer as a transport writes it.</summary>
    internal static ValueTask<string> AnswerAsync(TestConnection client, string parameters, params string[] reserved) =>
        ((InProcessConnection)client.Connection).RunAsync(Encoding.UTF8.GetBytes(parameters), (response, writer) =>
        {
            using var buffer = ResponseBuffer.Rent();
            writer.WriteOpen(buffer, response, new ReservedNames(reserved));
            buffer.Write((byte)'}');
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        });

    /// <summary>Runs an action from its params as JSON and gives what its run ended with.</summary>
    internal static ValueTask<T> ResponseAsync<T>(TestConnection client, string parameters, Func<ActionResponse, T> read) =>
        ((InProcessConnection)client.Connection).RunAsync(Encoding.UTF8.GetBytes(parameters), (response, _) => read(response));
}
