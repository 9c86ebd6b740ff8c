using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Polywire.TestSupport.Redis;

/// <summary>A Redis of a test's own: started on a free port of the loopback, killed, halted, emptied and started again on order.</summary>
/// <remarks>The program is <c>redis-server</c> from PATH, or what <c>REDIS_SERVER</c> names. Tests that need it fail where it is missing.</remarks>
public sealed class RedisServer : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _arguments;
    private Process? _process;

    private RedisServer(string[] arguments) => _arguments = arguments;

    /// <summary>The port, the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>As <c>AddRedis</c> takes it.</summary>
    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts one that keeps its data over a restart.</summary>
    /// <param name="arguments">More of its own, such as <c>--cluster-enabled yes</c>.</param>
    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var server = new RedisServer(arguments);
        try
        {
            // Between the choice of a port and its use it may be taken by somebody else.
            for (var attempt = 0; ; attempt++)
            {
                server.Port = FreePort();
                if (await server.TryLaunchAsync() || attempt == 5)
                {
                    break;
                }
            }

            if (server._process is null)
            {
                throw new InvalidOperationException("redis-server did not start.");
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process at once, as a crash does.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Starts the process again on its port.</summary>
    /// <param name="lose">Whether the data is lost.</param>
    public async Task RestartAsync(bool lose = false)
    {
        await KillAsync();
        if (lose)
        {
            foreach (var entry in new DirectoryInfo(_folder.Path).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo folder)
                {
                    folder.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }
        }

        if (!await TryLaunchAsync())
        {
            throw new InvalidOperationException("redis-server did not start again.");
        }
    }

    /// <summary>Halts the process: it answers nothing, and its connections stay.</summary>
    public void Halt() => Signal(Stop);

    /// <summary>Lets a halted process go on.</summary>
    public void Resume() => Signal(Continue);

    /// <summary>Sends one command over a connection of its own and gives the answer as Redis wrote it.</summary>
    public async Task<string> SendAsync(params string[] command)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
        var stream = client.GetStream();
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length + 0}\r\n");
        foreach (var part in command)
        {
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), limit.Token);
        var buffer = new byte[1 << 16];
        var answer = new StringBuilder();
        do
        {
            var read = await stream.ReadAsync(buffer, limit.Token);
            if (read == 0)
            {
                break;
            }

            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        while (stream.DataAvailable);

        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Resume();
        }

        await KillAsync();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private async Task<bool> TryLaunchAsync()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("REDIS_SERVER") is { Length: > 0 } named ? named : "redis-server")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.Path, "--save", "", "--appendonly", "yes",
            "--appendfsync", "always", "--daemonize", "no", .. _arguments,
        ];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("These tests need redis-server in PATH, or its path in REDIS_SERVER.", exception);
        }

        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Limit);
        while (!process.HasExited && !limit.IsCancellationRequested)
        {
            _process = process;
            try
            {
                if ((await SendAsync("PING")).StartsWith("+PONG", StringComparison.Ordinal))
                {
                    return true;
                }
            }
            catch (SocketException)
            {
                // Not listening yet.
            }
            catch (IOException)
            {
                // Nor answering.
            }

            await Task.Delay(20);
        }

        process.Dispose();
        _process = null;
        return false;
    }

    private void Signal(int signal)
    {
        if (_process is { } process && SendSignal(process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent to redis-server.");
        }
    }
}
