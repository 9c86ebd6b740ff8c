using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polywire.TestSupport;

namespace Polywire.Guide.Tests;

/// <summary>A program of the guide, compiled and started in this process on free ports.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>What the program signs tokens with.</summary>
    public const string JwtKey = "a key of the tests, long enough for its algorithm";

    // A database is made ready, and much code runs for the first time.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private static readonly AsyncLocal<TaskCompletionSource<IHost>?> Awaited = new();

    private readonly TemporaryFolder _folder;
    private readonly Task _run;
    private readonly IHost _host;

    private RunningProgram(TemporaryFolder folder, Task run, IHost host)
    {
        _folder = folder;
        _run = run;
        _host = host;
        var address = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(address => address.StartsWith("http://", StringComparison.Ordinal)));
        Client = new HttpClient { BaseAddress = address };
    }

    /// <summary>Knows the address.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts a program with settings in its arguments: free ports, and a folder of its own for what it writes.</summary>
    public static async Task<RunningProgram> StartAsync(GuideBlock block)
    {
        var compilation = ExampleCompiler.CompileProgram(block, ImplicitUsings.WebSdk);
        using var image = new MemoryStream();
        if (!compilation.Emit(image).Success)
        {
            throw new InvalidOperationException(string.Join('\n', ExampleCompiler.Complaints(compilation)));
        }

        image.Position = 0;
        var main = new AssemblyLoadContext(null).LoadFromStream(image).EntryPoint!;
        var folder = new TemporaryFolder();
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] args =
        [
            "--urls=http://127.0.0.1:0", $"--contentRoot={folder.Path}", "--environment=Development",
            "--Polywire:Socket:Port=0", "--Polywire:Socket:BindIP=127.0.0.1", "--Polywire:Sockhop:Port=0",
            $"--ConnectionStrings:Shop=Data Source={folder["shop.db"]}", $"--Jwt:Key={JwtKey}",
        ];
        using var seen = DiagnosticListener.AllListeners.Subscribe(new Listeners());

        // The program's main thread: it ends when the host does.
        var run = Task.Factory.StartNew(
            () =>
            {
                Awaited.Value = built;
                return main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]) as Task ?? Task.CompletedTask;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        _ = run.ContinueWith(ended => built.TrySetException(ended.Exception as Exception ?? new InvalidOperationException("The program ended.")), TaskScheduler.Default);
        var host = await built.Task.WaitAsync(StartLimit);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        await (await Task.WhenAny(started.Task, run).WaitAsync(StartLimit));
        return new RunningProgram(folder, run, host);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _run.WithinLimit();
        _folder.Dispose();
    }

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(new Hosts());
            }
        }
    }

    // The host tells of itself as it tells tools that look for it.
    private sealed class Hosts : IObserver<KeyValuePair<string, object?>>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
            {
                Awaited.Value?.TrySetResult(host);
            }
        }
    }
}
