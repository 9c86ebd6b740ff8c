using Polywire.Actions;

namespace Polywire.AspNetCore.Compatibility;

/// <summary>The action <c>file</c> of older applications, there where <see cref="WebOptions.Legacy"/> is on: a public file by a param.</summary>
internal static class LegacyFileAction
{
    public const string Name = "file";

    private const string FileName = "fileName";
    private const string File = "file";

    public static ActionDescriptor Create()
    {
        var action = DelegateActions.CreateDynamic(Name, static inputs => inputs.Optional(FileName).Optional(File), Run);
        action.Description = "Sends a public file";
        action.AllowedTransports = Transports.Web | Transports.InProcess;
        return action;
    }

    private static Task Run(ActionContext context, CancellationToken cancellationToken)
    {
        var path = context.Params.GetText(FileName) is { Length: > 0 } name ? name : context.Params.GetText(File);
        context.Result = path is { Length: > 0 }
            ? ActionResult.File(path)
            : throw new ActionException(context.Texts.MissingParam(FileName)) { Status = ActionStatus.MissingParams };
        return Task.CompletedTask;
    }
}
