using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Diagnostics;
using Polywire.Diagnostics;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Shows renewed certificates without a restart: looks at their files every half minute. Safe for any thread.</summary>
/// <remarks>Connections that exist keep what they have agreed on. A file that cannot be read leaves the former certificate in force.</remarks>
internal sealed partial class CertificateWatch(TimeProvider time, ILogger<CertificateWatch> logger) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<ITimer> _timers = [];

    /// <summary>Has Kestrel show the certificate of some files, and its successors.</summary>
    /// <param name="https">The endpoint's options.</param>
    /// <param name="section">The section of the settings that <c>Certificate</c> stands in, for the log.</param>
    /// <param name="path">As <see cref="CertificateFile.Load"/> has it.</param>
    /// <param name="keyPath">Likewise.</param>
    /// <param name="password">Likewise.</param>
    /// <exception cref="CertificateFileException">The files cannot be used.</exception>
    public void Use(HttpsConnectionAdapterOptions https, string section, string path, string? keyPath, string? password)
    {
        var files = new Files(section, path, keyPath, password) { Digest = DigestOf(path, keyPath) };
        files.Current = CertificateFile.Load(path, keyPath, password);
        files.Current.Use(https);
        var first = files.Current;
        https.OnAuthenticate += (_, tls) =>
        {
            if (files.Current is var current && current != first)
            {
                tls.ServerCertificateContext = current.Context;
            }
        };
        var timer = time.CreateTimer(_ => LastCatch.Run(files, Look, logger), null, Interval, Interval);
        lock (_gate)
        {
            _timers.Add(timer);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private void Look(Files files)
    {
        lock (files)
        {
            try
            {
                if (DigestOf(files.Path, files.KeyPath) is var digest && digest == files.Digest)
                {
                    return;
                }

                // Remembered before it is known to be good, so that what is not is told of once.
                files.Digest = digest;
                var renewed = CertificateFile.Load(files.Path, files.KeyPath, files.Password);
                _ = renewed.Context;
                files.Current = renewed;
                Log.Renewed(logger, files.Section, files.Path, renewed.NotAfter);
            }
            catch (Exception exception)
            {
                Log.NotRenewed(logger, files.Section, files.Path, exception.Message, files.Current.NotAfter);
            }
        }
    }

    // By content: links may lead elsewhere without a file having changed. What cannot be read differs from all that can.
    private static string DigestOf(string path, string? keyPath) => $"{DigestOf(path)} {(keyPath is null ? "" : DigestOf(keyPath))}";

    private static string DigestOf(string path)
    {
        try
        {
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.GetType().Name;
        }
    }

    private sealed record Files(string Section, string Path, string? KeyPath, string? Password)
    {
        private volatile CertificateFile? _current;

        public required string Digest { get; set; }

        public CertificateFile Current
        {
            get => _current!;
            set => _current = value;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.CertificateRenewed, LogLevel.Information, "{Section}:Certificate was read again from {Path}: new connections get the one that holds until {NotAfter}")]
        public static partial void Renewed(ILogger logger, string section, string path, DateTime notAfter);

        [LoggerMessage(
            ServerEventIds.CertificateNotRenewed,
            LogLevel.Warning,
            "{Section}:Certificate has changed at {Path} and cannot be used: {Reason}. The former one, which holds until {NotAfter}, stays in force")]
        public static partial void NotRenewed(ILogger logger, string section, string path, string reason, DateTime notAfter);
    }
}
