using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.Policies;

/// <summary>Lets an action run on the web for requests that bring an antiforgery token, with whatever method: each of them runs it.</summary>
/// <remarks>Other doors have no cookies that a foreign page could use; a WebSocket's are those of its own origin.</remarks>
internal sealed partial class AntiforgeryGuard(
    ActionDescriptor action, MappedActions mapped, IAntiforgery antiforgery, IOptions<AntiforgeryOptions> options, ILogger<AntiforgeryGuard> logger) : IActionMiddleware
{
    private bool? _isRequired;

    public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) =>
        context.Http is HttpExchange exchange && (_isRequired ??= IsRequired()) ? AskAsync(exchange.HttpContext, context, next) : next(context);

    private bool IsRequired() => mapped.MetadataOf(action).OfType<AntiforgeryRule>().LastOrDefault() is { IsRequired: true };

    private async ValueTask AskAsync(HttpContext http, ActionContext context, ActionDelegate next)
    {
        try
        {
            // The body has been read, and the form that the framework would look into is among the params.
            if (context.Params.GetText(options.Value.FormFieldName) is { Length: > 0 } token)
            {
                http.Features.Set<IFormFeature>(new FormFeature(new FormCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>
                {
                    [options.Value.FormFieldName] = token,
                })));
            }

            await antiforgery.ValidateRequestAsync(http);
        }
        catch (AntiforgeryValidationException exception)
        {
            Log.Refused(logger, action, exception.Message);
            context.Error = new ActionError { Status = ActionStatus.GenericError, Message = context.Texts.AntiforgeryFailed };
            return;
        }

        await next(context);
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.AntiforgeryRefused, LogLevel.Debug, "Action {Action} was refused on the web: {Reason}")]
        public static partial void Refused(ILogger logger, ActionDescriptor action, string reason);
    }
}
