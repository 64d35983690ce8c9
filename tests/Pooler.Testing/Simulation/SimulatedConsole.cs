using System.Buffers.Binary;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>One session at the console of a simulated pooler. What is answered is not looked at, only that it is.</summary>
internal sealed class SimulatedConsole
{
    private readonly PoolerSimulation _simulation;
    private readonly SimulatedPeer _peer;
    private readonly List<byte> _received = [];
    private CancelKey? _key;
    private bool _hasLeft;

    internal SimulatedConsole(PoolerSimulation simulation)
    {
        _simulation = simulation;
        _peer = simulation.Network.ConnectPeer(PoolerSimulation.Pooler);
        _peer.OnData = (_, bytes) => Receive(bytes);
        _peer.OnEnd = _ => Lose();
        _peer.OnReset = _ => Lose();
        _peer.OnRefused = (_, _) => Lose();
        using var writer = new MessageWriter();
        writer.WriteStartupMessage([new("database", "pgbouncer"), new("user", "user1")]);
        _peer.Send(writer.Written);
    }

    /// <summary>The session's last command, or its login, has been answered.</summary>
    internal Action OnAnswer { get; set; } = () => { };

    /// <summary>The connection has ended without this side's doing.</summary>
    internal Action OnLost { get; set; } = () => { };

    /// <summary>Whether commands can be given.</summary>
    internal bool IsOpen => _key is not null && !_hasLeft;

    /// <summary>The pooler has ended its part of it: nothing that was said here comes to have an effect any more.</summary>
    internal bool IsGone => _peer.IsOtherEndClosed;

    /// <summary>Gives a command.</summary>
    internal void Say(string command)
    {
        using var writer = new MessageWriter();
        writer.WriteQuery(command);
        _peer.Send(writer.Written);
    }

    /// <summary>Asks by another connection to cancel what this session waits for, as Ctrl-C does.</summary>
    internal void Cancel()
    {
        var peer = _simulation.Network.ConnectPeer(PoolerSimulation.Pooler);
        peer.OnEnd = _ => peer.Close();
        using var writer = new MessageWriter();
        writer.WriteCancelRequest(_key!.Value);
        peer.Send(writer.Written);
    }

    /// <summary>Says goodbye, or goes without a word, or breaks the connection, whatever is under way.</summary>
    internal void Leave(Farewell how)
    {
        _hasLeft = true;
        if (how == Farewell.Reset)
        {
            _peer.Reset();
            return;
        }

        if (how == Farewell.Terminate)
        {
            using var writer = new MessageWriter();
            writer.WriteTerminate();
            _peer.Send(writer.Written);
        }

        _peer.Close();
    }

    private void Lose()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            _peer.Close();
            OnLost();
        }
    }

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        _received.AddRange(bytes);
        while (!_hasLeft && _received.Count >= 5)
        {
            var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
            var total = 1 + BinaryPrimitives.ReadInt32BigEndian(all[1..]);
            if (all.Length < total)
            {
                return;
            }

            var type = all[0];
            if (type == BackendMessage.BackendKeyData)
            {
                _key = new CancelKey(all[5..total]);
            }

            _received.RemoveRange(0, total);
            if (type == BackendMessage.ReadyForQuery)
            {
                OnAnswer();
            }
        }
    }
}
