using Microsoft.Extensions.DependencyInjection;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http;

public sealed class HttpContextTests
{
    [Fact]
    public async Task IsNullOffTheWeb()
    {
        await using var host = await PolywireTestHost.StartAsync(
            polywire => polywire.MapAction("act", (Nothing _, ActionContext context) => new Answer(context.GetHttpContext() is not null)),
            cancellationToken: TestContext.Current.CancellationToken);

        (await host.RunAsync<Answer>("act", cancellationToken: TestContext.Current.CancellationToken)).HasContext.ShouldBeFalse();
    }

    private sealed record Nothing;

    private sealed record Answer(bool HasContext);
}
