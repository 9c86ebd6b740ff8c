using Microsoft.AspNetCore.StaticFiles;

namespace Polywire.AspNetCore.Http.Files;

/// <summary>Content types by extension: the application's own provider where it registered one, else the framework's.</summary>
internal sealed class FileTypes(IContentTypeProvider? provider = null)
{
    /// <summary>The type of a file whose extension is unknown.</summary>
    public const string Unknown = "application/octet-stream";

    private readonly IContentTypeProvider _provider = provider ?? new FileExtensionContentTypeProvider();

    /// <summary>The type of a file; never null.</summary>
    /// <param name="path">A name or path; only its extension counts, in any case.</param>
    public string Of(string path) => Find(path) ?? Unknown;

    /// <summary>The type of a file; <see langword="null"/> where its extension is unknown.</summary>
    public string? Find(string path) => _provider.TryGetContentType(path, out var type) ? type : null;
}
