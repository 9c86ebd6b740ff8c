using Polywire;
using Polywire.Redis;

namespace Polywire.AotCheck;

/// <summary>Two nodes on one Redis: rooms, cache, locks and questions between them.</summary>
internal static class ClusterChecks
{
    public static async Task RunAsync(Transcript transcript, string redis)
    {
        var prefix = $"aot{Guid.NewGuid():N}:";
        using var one = Build("one", redis, prefix);
        using var two = Build("two", redis, prefix);
        await one.StartAsync();
        await two.StartAsync();
        var (rooms, others) = (one.Services.GetRequiredService<IRooms>(), two.Services.GetRequiredService<IRooms>());
        var (cache, caches) = (one.Services.GetRequiredService<ICache>(), two.Services.GetRequiredService<ICache>());
        await transcript.AddAsync("a room of the other node", async () => $"{await rooms.CreateAsync("shared")} {await others.CreateAsync("shared")} {string.Join(' ', await others.ListAsync())}");
        await transcript.AddAsync("an object of the other node", async () =>
        {
            await cache.SaveAsync("greeting", "hello", TimeSpan.FromMinutes(1));
            return (await caches.LoadRequiredAsync<string>("greeting")).Value;
        });
        await transcript.AddAsync("a list of both", async () => $"{await cache.PushAsync("list", 1)} {await caches.PushAsync("list", 2)} {await cache.PopAsync<int>("list")}");
        await transcript.AddAsync("a lock of the other node", async () => $"{await cache.TryLockAsync("key")} {await caches.TryLockAsync("key")}");
        await transcript.AddAsync("a connection that no node has", async () =>
        {
            try
            {
                await rooms.AddAsync("nobody", "shared");
                return "added";
            }
            catch (ActionException refusal)
            {
                return refusal.Message;
            }
        });
        await transcript.AddAsync("keys of both", async () =>
        {
            var keys = new List<string>();
            await foreach (var key in caches.KeysAsync())
            {
                keys.Add(key[prefix.Length..]);
            }

            return string.Join(' ', keys.Order(StringComparer.Ordinal));
        });
        await two.StopAsync();
        await one.StopAsync();
    }

    private static IHost Build(string id, string redis, string prefix)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddPolywire(options => options.NodeId = id).AddRedis(redis, options =>
        {
            options.Prefix = prefix;
            options.Secret = "a secret of the cluster";
        });
        return builder.Build();
    }
}
