namespace Polywire;

/// <summary>Forms and uploads.</summary>
public sealed class WebFormOptions
{
    /// <summary>Where uploads are kept until the request ends; <see langword="null"/> (default) is the system's temporary folder.</summary>
    public string? UploadDirectory { get; set; }

    /// <summary>Whether the files there keep the extension of the client's name; <see langword="false"/> by default.</summary>
    public bool KeepExtensions { get; set; }

    /// <summary>Bytes of all text fields of one form; 20,971,520 (20 MiB) by default. More is answered 413.</summary>
    public long MaxFieldsSize { get; set; } = 20 * 1024 * 1024;

    /// <summary>Bytes of all files of one request; 209,715,200 (200 MiB) by default. More is answered 413.</summary>
    public long MaxFileSize { get; set; } = 200 * 1024 * 1024;

    /// <summary>
    /// Bytes that the files of all requests together may take on disk, each counted as 4,096 at least; <see langword="null"/> (default) is ten
    /// times <see cref="MaxFileSize"/>. What is more is answered 503.
    /// </summary>
    public long? MaxUploadsSize { get; set; }

    /// <summary>Whether several files of one name become a list; <see langword="false"/> (default) takes the last.</summary>
    public bool Multiples { get; set; }
}
