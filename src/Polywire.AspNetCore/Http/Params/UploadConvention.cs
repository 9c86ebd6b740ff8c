using Microsoft.Extensions.Options;
using Polywire.Actions;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Has the files of a request read before an action that takes any.</summary>
/// <remarks>The last of the guards: the files come when all that may refuse the action has been asked.</remarks>
internal sealed class UploadConvention(IServiceProvider services, IOptions<PolywireOptions> options) : IActionConvention
{
    public void Apply(ActionDescriptor action)
    {
        var takes = UploadTakes.Of(action, options.Value);
        if (takes.Any && action.Allows(Transports.Web))
        {
            action.Guards = [.. action.Guards, new UploadStep(services, takes)];
        }
    }
}
