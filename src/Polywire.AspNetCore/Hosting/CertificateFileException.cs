namespace Polywire.AspNetCore.Hosting;

/// <summary>A certificate's files cannot be used.</summary>
internal sealed class CertificateFileException(string setting, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which of <c>Path</c> and <c>KeyPath</c> is wrong.</summary>
    public string Setting { get; } = setting;
}
