using System.Buffers.Binary;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Fuzzing;

/// <summary>
/// A server that says what was recorded, to whoever asks as it was recorded, and anything else otherwise; some of it is changed on the way. Each database has the name of
/// a conversation.
/// </summary>
internal sealed class HostileServer
{
    private readonly SimulatedNetwork _network;
    private readonly ConnectTarget _target;
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly List<SimulatedPeer> _peers = [];

    internal HostileServer(SimulatedNetwork network, ConnectTarget target, Random random)
    {
        (_network, _target, _random) = (network, target, random);
        _mutator = new Mutator(random);
        network.AddServer(target, Accept);
    }

    /// <summary>One answer in this many is changed.</summary>
    internal int MutatesOneIn { get; init; } = 6;

    /// <summary>Bytes that it has said.</summary>
    internal long Said { get; private set; }

    /// <summary>Breaks every connection and takes no more.</summary>
    internal void Stop()
    {
        _network.RemoveServer(_target);
        foreach (var peer in _peers)
        {
            peer.Reset();
        }
    }

    private void Accept(SimulatedPeer peer)
    {
        _peers.Add(peer);
        List<byte> pending = [];
        Conversation? conversation = null;
        peer.OnEnd = _ => peer.Close();
        peer.OnData = (_, bytes) =>
        {
            pending.AddRange(bytes);
            if (conversation is not null)
            {
                Answer(peer, conversation, pending);
            }
            else if (pending.Count >= 8 && pending.Count >= BinaryPrimitives.ReadInt32BigEndian(pending.ToArray()))
            {
                conversation = Find(pending.ToArray());
                pending.Clear();
                LetIn(peer, conversation);
            }
        };
    }

    private Conversation Find(byte[] startup)
    {
        var words = WireText.Decode(startup).Split('\0');
        return Conversation.All.FirstOrDefault(conversation => words.Contains(conversation.Name)) ?? Conversation.All[_random.Next(Conversation.All.Count)];
    }

    private void LetIn(SimulatedPeer peer, Conversation conversation)
    {
        if (_random.Next(16) == 0)
        {
            Say(peer, _mutator.Mutate(conversation.Login, isClient: false));
            return;
        }

        using var writer = new MessageWriter();
        writer.WriteAuthenticationOk();
        writer.WriteParameterStatus("server_version", "15.13");
        writer.WriteParameterStatus("client_encoding", "UTF8");
        writer.WriteReadyForQuery(TransactionStatus.Idle);
        Say(peer, writer.Written.ToArray());
    }

    private void Answer(SimulatedPeer peer, Conversation conversation, List<byte> pending)
    {
        var request = pending.ToArray();
        if (request[0] == FrontendMessage.Terminate)
        {
            peer.Close();
            return;
        }

        var plain = Marker.Put(request, 0);
        foreach (var (client, server) in conversation.Exchanges)
        {
            if (client.AsSpan().SequenceEqual(plain))
            {
                pending.Clear();
                Reply(peer, Marker.Put(server, Marker.FindOther(request, 0)));
                return;
            }

            if (client.AsSpan().StartsWith(plain))
            {
                // The rest is on its way.
                return;
            }
        }

        pending.Clear();
        var (_, any) = conversation.Exchanges[_random.Next(conversation.Exchanges.Count)];
        Reply(peer, any);
    }

    private void Reply(SimulatedPeer peer, byte[] answer) =>
        Say(peer, _random.Next(MutatesOneIn) == 0 ? _mutator.Mutate(answer, isClient: false) : answer);

    private void Say(SimulatedPeer peer, byte[] bytes)
    {
        Said += bytes.Length;
        peer.Send(bytes);
        if (_random.Next(200) == 0)
        {
            peer.Close();
        }
    }
}
