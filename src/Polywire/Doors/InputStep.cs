using System.Diagnostics.CodeAnalysis;
using Polywire.Files;
using Polywire.Params;

namespace Polywire.Doors;

/// <summary>What a door has read off its input: a request, the end, or nothing whole yet.</summary>
/// <remarks>
/// A door reads, and the <see cref="ConnectionSession"/> does what was asked for. What a step points to (the bytes of its arguments, its params) has to
/// stay as it is until the session has begun it, which is before anything more is read.
/// </remarks>
[Experimental("PWX0001")]
public readonly ref struct InputStep
{
    private readonly CloseReason _reason;

    private InputStep(InputStepKind kind, CloseReason reason = default) => (Kind, _reason) = (kind, reason);

    // One constructor for each kind, as every one of them is written where the caller wants it: a step is too long to be copied for each message.
    private InputStep(ParamSet? parameters, scoped in MessageIds ids, ParamSet? held)
    {
        Kind = InputStepKind.Action;
        Ids = ids;
        Held = held;
        Parameters = parameters;
    }

    private InputStep(Verb verb, VerbArguments arguments, scoped in MessageIds ids, ParamSet? held, scoped in VerbReply besideError)
    {
        Kind = InputStepKind.Verb;
        Ids = ids;
        Held = held;
        Verb = verb;
        Arguments = arguments;
        Reply = besideError;
    }

    private InputStep(scoped in FileRequest file, scoped in MessageIds ids)
    {
        Kind = InputStepKind.File;
        Ids = ids;
        File = file;
    }

    private InputStep(scoped in VerbReply reply, scoped in MessageIds ids, ParamSet? held)
    {
        Kind = InputStepKind.Answer;
        Ids = ids;
        Held = held;
        Reply = reply;
    }

    /// <summary>No whole message is there.</summary>
    public static InputStep NeedMore => default;

    /// <summary>A message was read that asks for nothing, or that the door has dealt with itself.</summary>
    public static InputStep Done => new(InputStepKind.Done);

    /// <summary>Whether more has to be read.</summary>
    public bool NeedsMore => Kind == InputStepKind.NeedMore;

    /// <summary>Why the connection is to end; null where it goes on.</summary>
    public CloseReason? EndReason => Kind == InputStepKind.End ? _reason : null;

    internal InputStepKind Kind { get; }

    internal MessageIds Ids { get; }

    internal ParamSet? Held { get; }

    internal ParamSet? Parameters { get; }

    internal Verb Verb { get; }

    internal VerbArguments Arguments { get; }

    internal VerbReply Reply { get; }

    internal FileRequest File { get; }

    /// <summary>The connection is to end.</summary>
    public static InputStep End(CloseReason reason) => new(InputStepKind.End, reason);

    /// <summary>An action is to run.</summary>
    /// <param name="parameters">Shared with the run as they are now; null where there are none.</param>
    /// <param name="ids">Released when it is answered.</param>
    /// <param name="held">Released when it has begun; null for nothing.</param>
    public static InputStep Action(ParamSet? parameters, scoped in MessageIds ids, ParamSet? held = null) =>
        new(parameters, ids, held);

    /// <summary>A verb is to run; <c>quit</c> and <c>exit</c> end the connection.</summary>
    /// <param name="verb">Not <see cref="Verb.None"/>, and not <see cref="Verb.File"/>, unless it is refused.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="ids">Released when it is answered.</param>
    /// <param name="held">Released when it is answered; null for nothing.</param>
    /// <param name="besideError">Whose data is told beside the error where the verb fails; the default for nothing.</param>
    public static InputStep Perform(Verb verb, VerbArguments arguments, scoped in MessageIds ids, ParamSet? held = null, scoped in VerbReply besideError = default) =>
        new(verb, arguments, ids, held, besideError);

    /// <summary>A file is to be sent.</summary>
    /// <param name="file">Which one.</param>
    /// <param name="ids">Released when it is sent.</param>
    public static InputStep Send(scoped in FileRequest file, scoped in MessageIds ids) => new(file, ids);

    /// <summary>A message is answered without more ado, as one that cannot be read.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="ids">Released when it is queued.</param>
    /// <param name="held">Released when it is queued; null for nothing.</param>
    public static InputStep Answer(scoped in VerbReply reply, scoped in MessageIds ids, ParamSet? held = null) =>
        new(reply, ids, held);
}
