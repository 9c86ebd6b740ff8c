using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;

namespace Polywire.Files;

/// <summary>Finds files in the public folders, for every transport (core.md 10).</summary>
/// <remarks>Nothing outside a public folder is ever opened: whole path segments are compared, of the real path, links resolved.</remarks>
internal sealed partial class PublicFiles
{
    private readonly string[] _roots;
    private readonly string _index;
    private readonly bool _followLinksOutside;
    private readonly ILogger<PublicFiles> _logger;
    private readonly TimeProvider _time;

    public PublicFiles(IOptions<PolywireOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<PublicFiles> logger)
    {
        var folders = options.Value.PublicDirectories.Count > 0 ? options.Value.PublicDirectories : ["public"];
        _roots = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, environment.ContentRootPath)))];
        _index = options.Value.DirectoryFileType;
        _followLinksOutside = options.Value.FollowLinksOutside;
        _time = time;
        _logger = logger;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="name">Relative to a public folder, or absolute inside one; a folder stands for its index file.</param>
    public PublicFile Open(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
        {
            return PublicFile.NotFound;
        }

        foreach (var root in _roots)
        {
            if (Find(root, name) is not { } file)
            {
                continue;
            }

            try
            {
                // Devices and pipes say that they are empty; an empty file is never opened, so it cannot block or run on for ever.
                return file.Length == 0
                    ? new PublicFile(PublicFileStatus.Found, file.FullName, null, 0, file.LastWriteTimeUtc)
                    : Open(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.Failed(_logger, exception, file.FullName);

                // The exception's own words have the path in them, which clients never see.
                var reason = exception is UnauthorizedAccessException ? "permission denied" : "it cannot be opened";
                return new PublicFile(PublicFileStatus.Unreadable, file.FullName, null, 0, default) { Reason = reason };
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
                requested,
                file.Length,
                _time.GetElapsedTime(started, _time.GetTimestamp()).TotalMilliseconds,
                success);
        }
    }

    private static PublicFile Open(FileInfo file)
    {
        var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        return new PublicFile(PublicFileStatus.Found, file.FullName, handle, RandomAccess.GetLength(handle), file.LastWriteTimeUtc);
    }

    private FileInfo? Find(string root, string name)
    {
        string path;
        try
        {
            path = Path.GetFullPath(name, root);
        }
        catch (Exception exception) when (exception is ArgumentException or PathTooLongException)
        {
            return null;
        }

        if (!IsInside(root, path))
        {
            return null;
        }

        if (Directory.Exists(path))
        {
            path = Path.Combine(path, _index);
        }
        else if (Path.EndsInDirectorySeparator(path))
        {
            return null;
        }

        // Of a link, the length and the kind are the target's: what is not a file is not to be opened, it might never let go.
        if (RealPath.Resolve(path) is not { } real || !(_followLinksOutside || IsInside(RealPath.Resolve(root) ?? root, real)))
        {
            return null;
        }

        var file = new FileInfo(real);
        return file.Exists ? file : null;
    }

    private static bool IsInside(string root, string path) =>
        path.Equals(root, StringComparison.Ordinal)
        || (path.StartsWith(root, StringComparison.Ordinal) && (root.EndsWith(Path.DirectorySeparatorChar) || path[root.Length] == Path.DirectorySeparatorChar));

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
