using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;
using Pooler.Testing.Simulation;

namespace Pooler.Testing.Fuzzing;

/// <summary>A client that says what was recorded, changed here and there, in pieces of any size, and leaves in any way.</summary>
internal sealed class HostileClient
{
    private readonly SimulatedNetwork _network;
    private readonly Random _random;
    private readonly SimulatedPeer _peer;
    private readonly Queue<byte[]> _pieces = new();
    private readonly List<byte> _tail = [];
    private readonly int _number;
    private bool _hasLeft;

    internal HostileClient(SimulatedNetwork network, Random random, int number, string user)
    {
        _network = network;
        _random = random;
        _number = number;
        var mutator = new Mutator(random);
        _peer = network.ConnectPeer(PoolerSimulation.Pooler);
        _peer.OnData = (_, bytes) => Receive(bytes);
        _peer.OnEnd = _ => Leave();
        if (random.Next(8) == 0)
        {
            // The beginning itself: packets without a type, an encryption that is asked for, a cancel request.
            var capture = Capture.All[random.Next(Capture.All.Count)];
            Cut(mutator.Mutate(capture.Client, isClient: true));
        }
        else
        {
            var conversation = Conversation.All[random.Next(Conversation.All.Count)];
            using var writer = new MessageWriter();
            writer.WriteStartupMessage([new("user", user), new("database", random.Next(12) == 0 ? "pgbouncer" : conversation.Name)]);
            Cut(writer.Written.ToArray());
            var oneIn = 1 + random.Next(16);
            foreach (var (client, _) in conversation.Exchanges)
            {
                Cut(Marker.Put(random.Next(oneIn) == 0 ? mutator.Mutate(client, isClient: true) : client, number));
            }
        }

        Speak();
    }

    /// <summary>What it received of another's; null: nothing.</summary>
    internal string? Foreign { get; private set; }

    /// <summary>Bytes that it received.</summary>
    internal long Received { get; private set; }

    /// <summary>Is gone at once, whatever it has not yet been able to send.</summary>
    internal void Vanish()
    {
        _hasLeft = true;
        _peer.Reset();
    }

    private void Leave()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            if (_random.Next(2) == 0)
            {
                _peer.Reset();
            }
            else
            {
                _peer.Close();
            }
        }
    }

    private void Cut(byte[] bytes)
    {
        if (_random.Next(2) == 0)
        {
            _pieces.Enqueue(bytes);
            return;
        }

        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, 1 + _random.Next(_random.Next(3) == 0 ? 8 : 2000));
            _pieces.Enqueue(bytes[at..(at + length)]);
            at += length;
        }
    }

    private void Speak()
    {
        if (_hasLeft)
        {
            return;
        }

        if (_pieces.TryDequeue(out var piece))
        {
            _peer.Send(piece);
            _network.After(TimeSpan.FromMicroseconds(_random.Next(_random.Next(4) == 0 ? 60_000 : 3000)), Speak);
        }
        else
        {
            _network.After(TimeSpan.FromMilliseconds(_random.Next(300)), Leave);
        }
    }

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        // A marker may be cut by the end of a delivery.
        const int Longest = 16;
        Received += bytes.Length;
        _tail.AddRange(bytes);
        var other = Marker.FindOther(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tail), _number);
        if (other > 0)
        {
            Foreign ??= $"client {_number} received, of client {other}, {WireText.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tail))}";
        }

        _tail.RemoveRange(0, Math.Max(0, _tail.Count - Longest));
    }
}
