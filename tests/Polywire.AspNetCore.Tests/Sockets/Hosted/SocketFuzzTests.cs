using System.Text;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Nonsense from several clients at once: the server stays up, and answers whoever speaks well.</summary>
public sealed class SocketFuzzTests
{
    private const int Clients = 4;
    private const int Rounds = 150;

    private static readonly string[] Requests =
    [
        "randomNumber\n",
        "paramAdd key=value\r\nparamView key\r\n",
        "paramsView\ndetailsView\nparamsDelete\n",
        "roomAdd defaultRoom\nsay defaultRoom hello there\nroomView defaultRoom\nroomLeave defaultRoom\n",
        "{\"action\":\"echo\",\"params\":{\"a\":[1,{\"b\":\"\\ud83d\\ude00\\u00e9\"}],\"b\":null,\"messageId\":{\"x\":[1]}}}\n",
        "{\"messageId\":\"top\",\"action\":\"needsA\",\"params\":{\"a\":1e5,\"apiVersion\":1}}\n",
        "{\"action\":\"pair\",\"params\":{\"key\":\"k\",\"value\":true,\"\\u0061\":-0.5}}\n",
        "{\"action\":\"nested\",\"params\":{\"nested\":{\"x\":\"1\",\"y\":{\"z\":[[[]]]}}}}\n",
        "{\"params\":{\"file\":5}}\nfile\nfile simple.html\nfile ../outside.txt\n",
        "{}\n[]\n123\nnull\n\"x\"\n{\"action\":\n",
        "documentation\nversioned\ntext\nlist\nthrowError\nthrowValue\nsilent\nnames\n",
    ];

    [Fact]
    public async Task StaysUp_WhateverItIsSent()
    {
        await using var host = await SocketHost.StartAsync();
        host.Folder.Write("public/simple.html", "simple");
        var corpus = Requests.Select(Encoding.UTF8.GetBytes).ToArray();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => TormentAsync(host, corpus, number)));

        await host.WaitForConnectionsAsync(0);
    }

    // Each round is a connection of its own, so that what is found is repeated by its seed alone.
    private static async Task TormentAsync(SocketHost host, byte[][] corpus, int number)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var seed = unchecked(Seed.Value + (number * Rounds) + round);
            var input = Array.Empty<byte>();
            try
            {
                var random = new Random(seed);
                var parts = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Mutations.Next(corpus, random));
                input = [.. parts.SelectMany(part => part)];
                await OneAsync(host, input, random);
            }
            catch (Exception exception)
            {
                throw new FuzzException($"Repeat with {Seed.Variable}={seed}. Input: {Convert.ToHexStringLower(input)}", exception);
            }
        }
    }

    private static async Task OneAsync(SocketHost host, byte[] input, Random random)
    {
        var client = await host.ConnectAsync();
        await using var _ = client;
        var cut = random.Next(input.Length + 1);
        await client.SendAsync(input.AsMemory(0, cut));
        await client.SendAsync(input.AsMemory(cut));
        if (random.Next(8) == 0)
        {
            client.Reset();
            return;
        }

        // A mutated line may ask for the end; whoever is still there is answered.
        await client.SendAsync("\n{\"action\":\"randomNumber\",\"params\":{\"messageId\":\"the last\"}}\n");
        await client.HalfCloseAsync();
        var said = Encoding.UTF8.GetString(await client.ReadToEndAsync());
        said.ShouldEndWith(Wire.Goodbye + "\r\n");
        if (!HasEnd(input))
        {
            said.ShouldContain("\"messageId\":\"the last\"");
        }
    }

    private static bool HasEnd(byte[] input) =>
        input.AsSpan().IndexOf((byte)4) >= 0 || Encoding.Latin1.GetString(input).Split('\n', '\r').Any(line => line.TrimStart(' ').Split(' ')[0] is "quit" or "exit");
}
