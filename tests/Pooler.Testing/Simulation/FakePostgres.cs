using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>
/// A PostgreSQL server in a simulated network: lets everybody in, answers with a <see cref="BackendModel"/> per connection, cancels by key, and says
/// what must never happen: a session that two clients use at once, a cancel request that strikes who did not ask for it.
/// </summary>
internal sealed class FakePostgres
{
    private readonly SimulatedNetwork _network;
    private readonly List<FakeBackend> _backends = [];
    private int _lastProcess = 100;

    internal FakePostgres(SimulatedNetwork network, ConnectTarget target)
    {
        _network = network;
        Target = target;
        Interrupts = new Interruptions(network);
        Open();
    }

    /// <summary>Where it listens.</summary>
    internal ConnectTarget Target { get; }

    /// <summary>The parameters that it reports.</summary>
    internal IReadOnlyList<string> ParameterNames { get; } = new TrackedParameters([]).Names;

    /// <summary>What must never happen and did.</summary>
    internal List<string> Violations { get; } = [];

    /// <summary>Whether this client has a cancel request under way.</summary>
    internal Func<int, bool> HasAskedToCancel { get; set; } = _ => false;

    /// <summary>The name of the database whose sessions belong to one client until they are discarded.</summary>
    internal string? SessionDatabase { get; set; }

    /// <summary>How many connections the pooler may have to one database at a time; 0: any number.</summary>
    internal int MaxDbConnections { get; set; }

    /// <summary>How many connections the pooler may have as one user at a time; 0: any number.</summary>
    internal int MaxUserConnections { get; set; }

    /// <summary>Sessions that are open.</summary>
    internal IReadOnlyList<FakeBackend> Backends => _backends;

    /// <summary>Sessions ever logged in.</summary>
    internal int Logins { get; set; }

    /// <summary>Sleeps that a request has cancelled.</summary>
    internal int Cancelled { get; private set; }

    /// <summary>Cancel requests that came when the session ran nothing.</summary>
    internal int CancelledNothing { get; private set; }

    /// <summary>What it says unasked.</summary>
    internal Interruptions Interrupts { get; }

    /// <summary>One answer in this many breaks off somewhere, and the session with it; 0: none does.</summary>
    internal int DiesOnceIn { get; set; }

    /// <summary>It speaks protocol 3.2 to who asks for that, with keys of any length; else 3.0.</summary>
    internal bool KnowsVersion32 { get; set; }

    /// <summary>The answer with this number, from 1 on, has one wrong byte: for a test of those who compare; 0: none has.</summary>
    internal int SpoiledAnswer { get; set; }

    /// <summary>How often the tables have changed; no transaction sees two states.</summary>
    internal int SchemaVersion { get; private set; }

    internal SimulatedNetwork Network => _network;

    /// <summary>Accepts connections, after <see cref="Refuse"/> again.</summary>
    internal void Open() => _network.AddServer(Target, peer => _ = new FakeBackend(this, peer));

    /// <summary>Refuses connections from now on; those that stand go on.</summary>
    internal void Refuse() => _network.RemoveServer(Target);

    /// <summary>Changes the tables, if no transaction holds one: plans made before may be out of date. False: it has not been possible.</summary>
    internal bool TryChangeTables()
    {
        if (_backends.Exists(backend => backend.HoldsTables))
        {
            return false;
        }

        SchemaVersion++;
        return true;
    }

    /// <summary>Asked once for every answer that a client gets.</summary>
    internal bool SpoilsAnswer() => SpoiledAnswer > 0 && --SpoiledAnswer == 0;

    internal bool DiesInAnswer() => DiesOnceIn > 0 && _network.Random(DiesOnceIn) == 0;

    internal CancelKey NextKey()
    {
        Span<byte> bytes = stackalloc byte[CancelKey.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, ++_lastProcess);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes[4..], _network.Random(int.MaxValue));
        return new CancelKey(bytes);
    }

    internal void Add(FakeBackend backend)
    {
        Logins++;
        _backends.Add(backend);
        RequireLimit("database", MaxDbConnections, backend.Database, other => other.Database);
        RequireLimit("user", MaxUserConnections, backend.LoginUser, other => other.LoginUser);
    }

    private void RequireLimit(string what, int limit, string name, Func<FakeBackend, string> nameOf)
    {
        // What the pooler has closed does not count, even if word of it is still on its way.
        var count = _backends.Count(other => nameOf(other) == name && !other.Peer.IsOtherEndClosed);
        if (limit > 0 && count > limit)
        {
            Violations.Add($"the pooler has {count} connections of {what} {name}, of which there may be {limit}");
        }
    }

    internal void Remove(FakeBackend backend) => _backends.Remove(backend);

    internal void Cancel(CancelKey key, ReadOnlySpan<byte> tail)
    {
        var backend = _backends.Find(other => other.Key == key);
        if (backend is null)
        {
            return;
        }

        if (!tail.SequenceEqual(backend.KeyTail))
        {
            Violations.Add($"a cancel request comes with {tail.Length} bytes behind the key in place of {backend.KeyTail.Length}");
        }

        if (backend.User is { } client && !HasAskedToCancel(client))
        {
            Violations.Add($"a cancel request strikes client {client}, who did not ask for it");
        }

        if (backend.TryCancel())
        {
            Cancelled++;
        }
        else
        {
            CancelledNothing++;
        }
    }
}
