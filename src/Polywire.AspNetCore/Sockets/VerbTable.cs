namespace Polywire.AspNetCore.Sockets;

/// <summary>What the first word of a line can be.</summary>
internal enum Verb
{
    /// <summary>No verb: the name of an action.</summary>
    None,
    Quit,
    Documentation,
    ParamAdd,
    ParamDelete,
    ParamView,
    ParamsView,
    ParamsDelete,
    RoomAdd,
    RoomLeave,
    RoomView,
    DetailsView,
    Say,
    File,
}

/// <summary>Finds verbs by their bytes; with case.</summary>
internal static class VerbTable
{
    public static Verb Find(ReadOnlySpan<byte> word) =>
        word.Length switch
        {
            3 when word.SequenceEqual("say"u8) => Verb.Say,
            4 when word.SequenceEqual("quit"u8) || word.SequenceEqual("exit"u8) => Verb.Quit,
            4 when word.SequenceEqual("file"u8) => Verb.File,
            7 when word.SequenceEqual("roomAdd"u8) => Verb.RoomAdd,
            8 when word.SequenceEqual("paramAdd"u8) => Verb.ParamAdd,
            8 when word.SequenceEqual("roomView"u8) => Verb.RoomView,
            9 when word.SequenceEqual("paramView"u8) => Verb.ParamView,
            9 when word.SequenceEqual("roomLeave"u8) => Verb.RoomLeave,
            10 when word.SequenceEqual("paramsView"u8) => Verb.ParamsView,
            11 when word.SequenceEqual("paramDelete"u8) => Verb.ParamDelete,
            11 when word.SequenceEqual("detailsView"u8) => Verb.DetailsView,
            12 when word.SequenceEqual("paramsDelete"u8) => Verb.ParamsDelete,
            13 when word.SequenceEqual("documentation"u8) => Verb.Documentation,
            _ => Verb.None,
        };
}
