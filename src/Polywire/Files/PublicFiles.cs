using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;

namespace Polywire.Files;

/// <summary>Finds files in the public folders, for every transport (core.md 10).</summary>
/// <remarks>Nothing outside a public folder is ever opened: whole path segments are compared, of the real path, links resolved.</remarks>
[Experimental("PWX0001")]
public sealed partial class PublicFiles
{
    private readonly PublicFolder[] _folders;
    private readonly ILogger<PublicFiles> _logger;
    private readonly TimeProvider _time;
    private readonly int _maxLogLength;

    internal PublicFiles(IOptions<PolywireOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<PublicFiles> logger)
    {
        var folders = options.Value.PublicDirectories.Count > 0 ? options.Value.PublicDirectories : ["public"];
        Directories = [.. folders.Select(folder => Path.GetFullPath(folder, environment.ContentRootPath))];
        _folders = [.. Directories.Select(folder =>
            new PublicFolder(folder, options.Value.DirectoryFileType, options.Value.FollowLinksOutside, options.Value.ServeDotFiles))];
        _time = time;
        _maxLogLength = options.Value.MaxLogStringLength;
        _logger = logger;
    }

    /// <summary>The public folders, absolute, in the order they are searched.</summary>
    public IReadOnlyList<string> Directories { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="name">Relative to a public folder, or absolute inside one; a folder stands for its index file.</param>
    public PublicFile Open(string name) => Open(_folders, name);

    /// <summary>Opens a file of the first folder that has it.</summary>
    /// <param name="folders">In the order in which they are searched.</param>
    /// <param name="name">Relative to a folder, or absolute inside one; a folder stands for its index file.</param>
    public PublicFile Open(ReadOnlySpan<PublicFolder> folders, string name)
    {
        foreach (var folder in folders)
        {
            var file = folder.Open(name);
            if (file.Failure is { } failure)
            {
                Log.Failed(_logger, failure, file.Path!);
            }

            if (file.Status != PublicFileStatus.NotFound)
            {
                return file;
            }
        }

        return PublicFile.NotFound;
    }

    /// <summary>Writes the log line of a file that was asked for (core.md F-8).</summary>
    public void LogSent(Connection connection, string requested, in PublicFile file, long started, bool success)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            Log.FileSent(
                _logger,
                connection.Type,
                connection.RemoteIP,
                file.Path ?? "{not found}",
                LogText.OneLine(requested, _maxLogLength),
                file.Length,
                _time.GetElapsedTime(started, _time.GetTimestamp()).TotalMilliseconds,
                success);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.FileSent,
            LogLevel.Information,
            "[ file @ {Type} ] to={To} file={File} requestedFile={RequestedFile} size={Size} duration={Duration} success={Success}")]
        public static partial void FileSent(
            ILogger logger, string type, string to, string file, string requestedFile, long size, double duration, bool success);

        [LoggerMessage(EventIds.FileFailed, LogLevel.Warning, "The public file {File} could not be opened")]
        public static partial void Failed(ILogger logger, Exception exception, string file);
    }
}
