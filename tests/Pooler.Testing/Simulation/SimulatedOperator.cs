using System.Buffers.Binary;
using Pooler.Actors.Configuration;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>
/// Somebody at the console of a simulated pooler, with two sessions: one gives commands that may take long, the other ends what they have begun. What the commands
/// answer is not looked at; what clients notice of them is.
/// </summary>
internal sealed class SimulatedOperator
{
    private static readonly string[] Harmless =
    [
        "PAUSE", "PAUSE transaction", "PAUSE session", "SUSPEND", "RECONNECT", "RECONNECT shared", "RELOAD", "SHOW POOLS", "SHOW CLIENTS", "SHOW SERVERS", "SHOW SOCKETS",
        "SET server_lifetime=2", "SET default_pool_size=1", "SET default_pool_size=3", "SET server_round_robin=1",
    ];

    private static readonly string[] Ends = ["RESUME", "RESUME transaction", "RESUME session", "RESUME statement"];
    private static readonly string[] Deadly = ["KILL transaction", "KILL statement", "KILL"];

    private readonly PoolerSimulation _simulation;
    private readonly string[] _commands;
    private readonly SimulatedPeer _first;
    private readonly SimulatedPeer _second;
    private readonly List<byte> _received = [];
    private int _left = 25;
    private int _lastWords;

    /// <param name="simulation">Whose console.</param>
    /// <param name="mayKill">Whether it also ends clients.</param>
    internal SimulatedOperator(PoolerSimulation simulation, bool mayKill)
    {
        _simulation = simulation;
        _commands = mayKill ? [.. Harmless, .. Deadly] : Harmless;
        _first = Connect();
        _second = Connect();
        _first.OnData = (_, bytes) => Receive(bytes);
        Later(100, Resume);
    }

    /// <summary>Commands that were answered.</summary>
    internal int Answered { get; private set; }

    private SimulatedPeer Connect()
    {
        var peer = _simulation.Network.ConnectPeer(PoolerSimulation.Pooler);
        using var writer = new MessageWriter();
        writer.WriteStartupMessage([new("database", "pgbouncer"), new("user", "user1")]);
        peer.Send(writer.Written);
        return peer;
    }

    private void Later(int milliseconds, Action action) =>
        _simulation.Network.After(TimeSpan.FromMicroseconds(_simulation.Network.Random(milliseconds * 1000)), action);

    private void Next()
    {
        if (_left-- == 0)
        {
            Leave(_first);
            return;
        }

        var command = _commands[_simulation.Network.Random(_commands.Length)];
        var words = command.Split(' ', '=');
        switch (words[0])
        {
            // The console asks for these in a way that takes other threads, whose pace no seed decides.
            case "RELOAD":
                _simulation.Tell(ActorNames.Configuration, ReloadSettings.Instance);
                Later(60, Next);
                break;
            case "SET":
                _simulation.Tell(ActorNames.Configuration, new ChangeSetting(words[1], words[2]));
                Later(60, Next);
                break;
            default:
                Say(_first, command);
                break;
        }
    }

    /// <summary>Ends, again and again, whatever may have begun: the one session does not know how far the other is. In the end for good.</summary>
    private void Resume()
    {
        var hasEnded = _left < 0;
        Say(_second, Ends[_simulation.Network.Random(Ends.Length)]);
        if (hasEnded && ++_lastWords > Ends.Length)
        {
            foreach (var command in Ends)
            {
                Say(_second, command);
            }

            // A short life of servers would have some come and go for ever.
            _simulation.Tell(ActorNames.Configuration, ReloadSettings.Instance);
            Leave(_second);
        }
        else
        {
            Later(60, Resume);
        }
    }

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        _received.AddRange(bytes);
        var position = 0;
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
        while (all.Length - position >= 5)
        {
            var total = 1 + BinaryPrimitives.ReadInt32BigEndian(all[(position + 1)..]);
            if (all.Length - position < total)
            {
                break;
            }

            if (all[position] == BackendMessage.ReadyForQuery && ++Answered > 0)
            {
                Later(60, Next);
            }

            position += total;
        }

        _received.RemoveRange(0, position);
    }

    private static void Say(SimulatedPeer peer, string command)
    {
        using var writer = new MessageWriter();
        writer.WriteQuery(command);
        peer.Send(writer.Written);
    }

    private static void Leave(SimulatedPeer peer)
    {
        using var writer = new MessageWriter();
        writer.WriteTerminate();
        peer.Send(writer.Written);
        peer.Close();
    }
}
