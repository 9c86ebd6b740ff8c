using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cluster;

/// <summary>A Redis that lives as long as this program, on a free port, without files.</summary>
internal sealed class OwnRedis : IDisposable
{
    public const string HowToGetOne = """
        redis-server is not in PATH. Get one with your system's packages:

          apt install redis-server        Debian, Ubuntu
          brew install redis              macOS
          dnf install valkey              Fedora (then: ln -s valkey-server redis-server)
        """;

    private readonly Process _process;

    private OwnRedis(Process process, int port) =>
        (_process, Configuration) = (process, string.Create(CultureInfo.InvariantCulture, $"localhost:{port}"));

    public string Configuration { get; }

    /// <summary>Starts it.</summary>
    /// <returns>Null where there is none.</returns>
    public static OwnRedis? Start()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("redis-server", ["--port", $"{port}", "--save", "", "--appendonly", "no"]) { RedirectStandardOutput = true };
        try
        {
            var process = Process.Start(start)!;
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            return new OwnRedis(process, port);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
