namespace Polywire.AspNetCore.Http.Params;

/// <summary>How a body is read.</summary>
internal enum BodyKind
{
    /// <summary>Not at all.</summary>
    Ignored,

    /// <summary>As one file.</summary>
    File,

    /// <summary>As a urlencoded form.</summary>
    Form,

    /// <summary>As fields and files.</summary>
    Multipart,

    /// <summary>As JSON.</summary>
    Json,
}
