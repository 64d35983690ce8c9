using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Stats;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Pooler.Testing.Simulation;

namespace Pooler.Testing.Fuzzing;

/// <summary>The relay alone between a client and a server that both say anything, in pieces of any size: it throws nothing, and keeps nothing when it is over.</summary>
internal static class RelayFuzz
{
    private const int Largest = 1 << 20;

    internal static void Play(int seed, Random random)
    {
        var mutator = new Mutator(random);
        var conversation = Conversation.All[random.Next(Conversation.All.Count)];
        var client = random.Next(4) == 0 ? conversation.Client : mutator.Mutate(conversation.Client, isClient: true);
        var server = random.Next(4) == 0 ? conversation.Server : mutator.Mutate(conversation.Server, isClient: false);
        var buffers = new BufferPool(512);
        using var writer = new MessageWriter();
        var cache = new PreparedStatementCache();
        var rewriter = new StatementRewriter(cache);
        var (toClient, toServer) = (new SilentConnection(), new SilentConnection());
        var tracked = new TrackedParameters([]);
        var link = new ServerLink(toServer, new ConnectTarget.Unix("/tmp", 5432), new PoolStatistics(), CancelKey.Create(), new ParameterValues(tracked))
        {
            IsStatementMode = random.Next(8) == 0,
        };
        link.Retry.IsEnabled = true;
        var parameters = new ParameterValues(tracked);
        var requests = new FrameStream<RequestPolicy> { Policy = new RequestPolicy { Rewrites = random.Next(4) > 0 } };
        ClientStatements? statements = null;
        var limits = new RequestLimits(Largest, random.Next(10) == 0, 1 + random.Next(5));
        var (sent, answered, isOpen) = (0, 0, true);
        while (isOpen && (sent < client.Length || answered < server.Length))
        {
            // Each has its turn until both have said everything.
            if (sent < client.Length && (answered == server.Length || random.Next(2) == 0) && !link.IsClientHeld)
            {
                var piece = Next(client, ref sent, random);
                isOpen = RequestRelay.Relay(ref requests, ref statements, rewriter, link, toClient, piece, buffers, limits, sent).Status == RelayStatus.Open;
            }
            else if (answered < server.Length)
            {
                var piece = Next(server, ref answered, random);
                isOpen = ResponseRelay.Relay(link, toClient, parameters, piece, buffers, writer, Largest, answered).Status == RelayStatus.Open;
            }
            else
            {
                break;
            }
        }

        link.Release(buffers);
        statements?.Clear();
        requests.Release(buffers);
        Require(buffers.Rented == 0, $"all buffers are given back, but {buffers.Rented} are not");
        Require(cache.Count == 0, $"no statement is kept, but {cache.Count} are");
        Require(toClient.Bytes <= server.Length + (client.Length * 2L), "a client receives what the server said, and a few answers of the pooler's own");

        void Require(bool condition, string what)
        {
            if (!condition)
            {
                throw new SimulationFailedException($"seed {seed}: {conversation}: expected that {what}");
            }
        }
    }

    private static ReadOnlySpan<byte> Next(byte[] bytes, ref int at, Random random)
    {
        var length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(3) == 0 ? 6 : 600));
        at += length;
        return bytes.AsSpan(at - length, length);
    }
}
