using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polywire.Hosting;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Where the servers listen: where their settings say, but in a test so that hosts can run side by side and clients can connect.</summary>
internal sealed class TestPorts(bool isTest)
{
    /// <summary>Adds the service; once.</summary>
    public static void AddTo(IServiceCollection services) =>
        services.TryAddSingleton(provider => new TestPorts(provider.GetService<TestRun>() is not null || IsInMemory(services) || IsOfFactory(services)));

    /// <summary>Tells the address. In a test the usual port is any free one, and every address is loopback: to <c>0.0.0.0</c> no client connects.</summary>
    /// <param name="address">What the settings bind.</param>
    /// <param name="port">The port of the settings.</param>
    /// <param name="usual">The port where nothing is set.</param>
    public IPEndPoint EndPoint(IPAddress address, int port, int usual)
    {
        if (!isTest)
        {
            return new IPEndPoint(address, port);
        }

        var reachable = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new IPEndPoint(reachable, port == usual ? 0 : port);
    }

    // Told from the registration: to make the server runs the application's own configuration of it, which may ask for what asks here.
    private static bool IsInMemory(IServiceCollection services)
    {
        var server = services.LastOrDefault(static service => service.ServiceType == typeof(IServer) && !service.IsKeyedService);
        var type = server?.ImplementationType ?? server?.ImplementationInstance?.GetType();
        return type?.Assembly.GetName().Name == "Microsoft.AspNetCore.TestHost";
    }

    // A factory configures the host a second time, and so leaves it two registrations of its environment. Where its library is not loaded, as in every
    // program but a test, whoever did that was no factory.
    private static bool IsOfFactory(IServiceCollection services) =>
        services.Count(static service => service.ServiceType == typeof(IWebHostEnvironment)) > 1
        && Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), static assembly => assembly.GetName().Name == "Microsoft.AspNetCore.Mvc.Testing");
}
