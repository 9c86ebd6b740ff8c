using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Polywire.AspNetCore.Http.Params;
using Polywire.Json;

namespace Polywire.AspNetCore.Http.Answers;

/// <summary>The web status of an error.</summary>
/// <remarks>Source: docs/protocol/errors.md, "Statuses".</remarks>
internal sealed class ErrorStatus(WebOptions options, PolywireJson json)
{
    /// <summary>The status of an answer with an error; one that the action set stays.</summary>
    /// <param name="error">Why the run failed; null where the answer itself carries an error.</param>
    /// <param name="set">What the action set; null for nothing.</param>
    public int Of(ActionError? error, int? set)
    {
        if (set is not (null or StatusCodes.Status200OK))
        {
            return set.Value;
        }

        if (!options.ReturnErrorCodes)
        {
            return StatusCodes.Status200OK;
        }

        return error?.Status switch
        {
            ActionStatus.ServerShuttingDown => StatusCodes.Status503ServiceUnavailable,
            ActionStatus.UnknownAction => StatusCodes.Status404NotFound,
            ActionStatus.MissingParams => StatusCodes.Status422UnprocessableEntity,
            ActionStatus.Unauthorized => StatusCodes.Status401Unauthorized,
            ActionStatus.Forbidden => StatusCodes.Status403Forbidden,
            ActionStatus.Timeout => StatusCodes.Status408RequestTimeout,
            ActionStatus.Conflict => StatusCodes.Status409Conflict,
            ActionStatus.RateLimited => StatusCodes.Status429TooManyRequests,
            ActionStatus.ClusterNotReachable => StatusCodes.Status503ServiceUnavailable,
            ActionStatus.Cancelled => StatusCodes.Status499ClientClosedRequest,
            ActionStatus.GenericError when options.UseErrorCodeAsStatus && CodeOf(error) is { } code => code,
            ActionStatus.GenericError when error.IsFault() => options.FaultStatusCode,
            _ => options.DefaultErrorStatusCode,
        };
    }

    /// <summary>The status of an answer that could not be written.</summary>
    public int OfFault() => options.ReturnErrorCodes ? options.FaultStatusCode : StatusCodes.Status200OK;

    /// <summary>The status of a body that could not be read.</summary>
    public int Of(HttpBodyProblem problem) =>
        !options.ReturnErrorCodes ? StatusCodes.Status200OK
        : problem switch
        {
            HttpBodyProblem.TooLarge => StatusCodes.Status413PayloadTooLarge,
            HttpBodyProblem.TooSlow => StatusCodes.Status408RequestTimeout,
            HttpBodyProblem.NotStored => options.FaultStatusCode,
            HttpBodyProblem.Coded => StatusCodes.Status415UnsupportedMediaType,
            HttpBodyProblem.NoRoom => StatusCodes.Status503ServiceUnavailable,
            HttpBodyProblem.Overloaded => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };

    private int? CodeOf(ActionError error)
    {
        if (error.Exception?.Data["code"] is int given)
        {
            return IsStatus(given) ? given : null;
        }

        return error.Value is not null
            && JsonSerializer.SerializeToElement(error.Value, json.GetTypeInfo(error.Value.GetType())) is { ValueKind: JsonValueKind.Object } value
            && value.TryGetProperty("code", out var code)
            && code.ValueKind == JsonValueKind.Number
            && code.TryGetInt32(out var status)
            && IsStatus(status)
                ? status
                : null;
    }

    // What is below 200 ends no answer.
    private static bool IsStatus(int code) => code is >= 200 and <= 599;
}
