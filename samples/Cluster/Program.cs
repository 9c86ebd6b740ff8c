using Cluster;
using Yarp.ReverseProxy.Configuration;

// One Redis, three nodes of the chat, and a load balancer before them: http://localhost:8080
using var redis = OwnRedis.Start();
if (redis is null)
{
    Console.Error.WriteLine(OwnRedis.HowToGetOne);
    return 1;
}

using var nodes = new Nodes(redis.Configuration, count: 3);
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://localhost:8080");
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "chat", Match = new RouteMatch { Path = "{**all}" } }],
    [
        new ClusterConfig
        {
            ClusterId = "chat",
            LoadBalancingPolicy = "LeastRequests",
            Destinations = nodes.Addresses.ToDictionary(node => node.Key, node => new DestinationConfig { Address = node.Value }),
            HealthCheck = new HealthCheckConfig
            {
                Active = new ActiveHealthCheckConfig { Enabled = true, Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(1), Path = "/" },
                Passive = new PassiveHealthCheckConfig { Enabled = true },
            },
        },
    ]);

var app = builder.Build();
app.MapReverseProxy();
await app.StartAsync();
Console.WriteLine(Nodes.Hints);
await nodes.ObeyAsync(Console.In, app.Lifetime.ApplicationStopping);
await app.StopAsync();
return 0;
