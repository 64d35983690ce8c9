namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// The prepared statements of the whole process, each text once. A statement stays as long as a client or a server refers to it; its number is never
/// used again. Any thread: clients of several loops prepare the same texts. Nothing here is on the way of a Bind.
/// </summary>
internal sealed class PreparedStatementCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], PreparedStatement> _byDefinition = new(ByteNames.Comparer);
    private long _lastNumber;
    private long _bytes;

    /// <summary>How many statements there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byDefinition.Count;
            }
        }
    }

    /// <summary>Bytes of their texts and parameter types.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The statement with this definition, with one more reference.</summary>
    public PreparedStatement GetOrAdd(ReadOnlySpan<byte> definition)
    {
        lock (_lock)
        {
            var lookup = _byDefinition.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (!lookup.TryGetValue(definition, out var statement))
            {
                statement = new PreparedStatement(this, ++_lastNumber, definition.ToArray());
                _byDefinition.Add(statement.Definition, statement);
                _bytes += statement.Definition.Length;
            }

            statement.References++;
            return statement;
        }
    }

    /// <inheritdoc cref="PreparedStatement.AddReference"/>
    public void AddReference(PreparedStatement statement)
    {
        lock (_lock)
        {
            statement.References++;
        }
    }

    /// <inheritdoc cref="PreparedStatement.Release"/>
    public void Release(PreparedStatement statement)
    {
        lock (_lock)
        {
            if (--statement.References == 0)
            {
                _byDefinition.Remove(statement.Definition);
                _bytes -= statement.Definition.Length;
            }
        }
    }
}
