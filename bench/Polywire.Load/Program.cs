using Polywire.Load;
using Polywire.Load.Measuring;
using Polywire.Load.Scenarios;
using Polywire.Load.Wire;

LoadOptions options;
try
{
    options = LoadOptionsParser.Parse(args);
}
catch (FormatException e)
{
    return WrongUsage(e.Message);
}

using var deadline = new CancellationTokenSource();
Console.CancelKeyPress += (_, interrupt) =>
{
    interrupt.Cancel = true;
    deadline.Cancel();
};

switch (options.Command)
{
    case "self-check":
        return SelfCheck.Run();
    case "bare":
        await BareServer.RunAsync(options.Port, deadline.Token);
        return 0;
}

if (Scenario.Find(options.Command) is not { } scenario)
{
    return WrongUsage($"{options.Command}: no such command.");
}

// Read when the first socket is made: completions run where the poll is, which halves what this program costs per request.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
deadline.CancelAfter(options.Limit);
try
{
    return options.Against is null
        ? Print(await scenario(options, options.Target, deadline.Token))
        : await Comparison.RunAsync(scenario, options, Print, deadline.Token);
}
catch (Exception e) when (ClientConnection.IsEnd(e) || e is InvalidDataException or OperationCanceledException)
{
    return Print([new Report(options.Command) { Failed = true }.Add("first_problem", e.Message)]);
}

int Print(IReadOnlyList<Report> reports)
{
    foreach (var report in reports)
    {
        Console.Out.WriteLine(report.ToJson());
        if (!options.Quiet)
        {
            Console.Error.WriteLine(report.ToTable());
        }
    }

    return reports.Any(report => report.Failed) ? 1 : 0;
}

static int WrongUsage(string message)
{
    Console.Error.WriteLine(message);
    Console.Error.WriteLine(LoadOptionsParser.Usage);
    return 2;
}
