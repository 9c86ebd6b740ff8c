using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Polywire.TestSupport;

namespace Polywire.AspNetCore.Tests.Http.Hosts;

/// <summary>A real nginx on loopback, in front of one address.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private Nginx(Process process, TemporaryFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    /// <summary>Where nginx is; null where these tests are not meant to run.</summary>
    public static string? Binary => Environment.GetEnvironmentVariable("POLYWIRE_NGINX");

    public int Port { get; }

    public static async Task<Nginx> StartAsync(Uri target)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = new TemporaryFolder();
            var port = FreePort();
            var config = folder.Write("nginx.conf", $$"""
                daemon off;
                master_process off;
                pid {{folder["nginx.pid"]}};
                error_log stderr warn;
                events { }
                http {
                    access_log off;
                    client_body_temp_path {{folder["body"]}};
                    proxy_temp_path {{folder["proxy"]}};
                    fastcgi_temp_path {{folder["fastcgi"]}};
                    uwsgi_temp_path {{folder["uwsgi"]}};
                    scgi_temp_path {{folder["scgi"]}};
                    server {
                        listen 127.0.0.1:{{port}};
                        location / {
                            proxy_pass {{target.GetLeftPart(UriPartial.Authority)}};
                            proxy_http_version 1.1;
                            proxy_set_header Host $http_host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_set_header X-Forwarded-Proto $scheme;
                        }
                    }
                }
                """);
            var process = Process.Start(new ProcessStartInfo(Binary!, ["-p", folder.Path, "-c", config]) { RedirectStandardError = true })!;
            var nginx = new Nginx(process, folder, port);
            if (await nginx.ListensAsync())
            {
                return nginx;
            }

            var said = await process.StandardError.ReadToEndAsync().WithinLimit();
            await nginx.DisposeAsync();
            if (attempt == 5)
            {
                throw new InvalidOperationException($"nginx does not start: {said}");
            }
        }
    }

    /// <summary>One request from an address of this machine.</summary>
    public async Task<string> GetAsync(string from, string target, params string[] headers)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, Port).WithinLimit();
        await using var stream = new NetworkStream(socket);
        var head = $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head)).WithinLimit();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WithinLimit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().WithinLimit();
        _process.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task<bool> ListensAsync()
    {
        while (!_process.HasExited)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port).WithinLimit();
                return true;
            }
            catch (SocketException)
            {
                await Task.Yield();
            }
        }

        return false;
    }
}
