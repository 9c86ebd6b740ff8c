using System.Text.Json;
using PeerUnderTest;

if (args.Length != 1)
{
    await Console.Error.WriteLineAsync("usage: sockhop-peer '<options as JSON>'");
    return 2;
}

AppDomain.CurrentDomain.UnhandledException += (_, e) => Output.Crash((Exception)e.ExceptionObject);
TaskScheduler.UnobservedTaskException += (_, e) => Output.Crash(e.Exception);
try
{
    using var options = JsonDocument.Parse(args[0]);
    var role = PeerOptions.Create(options.RootElement);
    await using (role.ConfigureAwait(false))
    {
        await role.BeginAsync();
        Output.Write(new Event("ready") { ["role"] = role.Name });
        await new Commands(role).RunAsync(Console.In);
    }

    return 0;
}
catch (Exception exception)
{
    Output.Crash(exception);
    return 1;
}
