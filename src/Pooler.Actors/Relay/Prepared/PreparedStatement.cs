using System.Globalization;
using System.Text;
using Pooler.Actors.Relay.State;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// One text of a prepared statement with its parameter types, shared by all clients that prepared it and all servers that know it, under a
/// name of the pooler's own. Immutable but for <see cref="References"/>, which its <see cref="PreparedStatementCache"/> alone changes, <see cref="Origin"/> and <see cref="LatestShape"/>; any thread.
/// </summary>
internal sealed class PreparedStatement(PreparedStatementCache cache, long number, byte[] definition)
{
    private static readonly StatementScan Nothing = new([], int.MaxValue);
    private StatementScan? _scan;
    private PreparedStatement? _origin;
    private RowShape? _latestShape;

    /// <summary>The name that servers know it by; a client cannot come to it by accident.</summary>
    public byte[] ServerName { get; } = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"PGBOUNCER_{number}"));

    /// <summary>What follows the name in a Parse message: query text, NUL, count of parameter types, their OIDs.</summary>
    public byte[] Definition { get; } = definition;

    /// <summary>Executing it may make a server forget all its statements.</summary>
    public bool MayReset { get; } = StatementReset.IsLikely(definition);

    /// <summary>What it does to its session when it is executed; null: nothing. Read at the first need.</summary>
    public StatementScan? Scan
    {
        get
        {
            var scan = Volatile.Read(ref _scan);
            if (scan is null)
            {
                // Two threads may read it; both find the same.
                scan = StatementScanner.Scan(Definition.AsSpan(0, Definition.IndexOf((byte)0))) ?? Nothing;
                Volatile.Write(ref _scan, scan);
            }

            return ReferenceEquals(scan, Nothing) ? null : scan;
        }
    }

    /// <summary>
    /// The same text as clients parse it, who leave it to the server to find types for the parameters; null: nobody was told these types. Servers that found just
    /// these know the statement by that name too.
    /// </summary>
    public PreparedStatement? Origin { get => Volatile.Read(ref _origin); private set => Volatile.Write(ref _origin, value); }

    /// <summary>What a server has said last of its result, for all to share the same object; servers and times may differ. Null: nothing.</summary>
    public RowShape? LatestShape { get => Volatile.Read(ref _latestShape); set => Volatile.Write(ref _latestShape, value); }

    /// <summary>Clients and servers that hold it.</summary>
    public int References { get; set; }

    /// <summary>The same text with the types of a ParameterDescription's body, with one more reference; null: it has just these already.</summary>
    public PreparedStatement? WithTypes(ReadOnlySpan<byte> types)
    {
        var reader = new MessageReader(types);
        var text = Definition.AsSpan(0, Definition.IndexOf((byte)0) + 1);
        if (types.SequenceEqual(Definition.AsSpan(text.Length))
            || !reader.TryReadInt16(out var count) || !reader.TryReadBytes(sizeof(int) * (ushort)count, out _) || !reader.AtEnd)
        {
            return null;
        }

        var typed = cache.GetOrAdd([.. text, .. types]);
        typed.Origin = this;
        return typed;
    }

    /// <summary>Adds a reference; there must be one already.</summary>
    public void AddReference() => cache.AddReference(this);

    /// <summary>Takes a reference back; the last one frees the statement.</summary>
    public void Release() => cache.Release(this);
}
