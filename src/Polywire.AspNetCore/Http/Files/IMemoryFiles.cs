using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.Http.Files;

/// <summary>Files that are served beside those of the public folders; a file of the same name in a folder wins.</summary>
internal interface IMemoryFiles
{
    /// <summary>Finds a file; called concurrently.</summary>
    /// <param name="name">Relative, decoded, in any case as the client sent it.</param>
    /// <param name="pathBase">What stands in front of every path of the application's; empty for nothing.</param>
    MemoryFile? Find(string name, PathString pathBase);
}
