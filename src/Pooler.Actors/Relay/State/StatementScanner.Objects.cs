namespace Pooler.Actors.Relay.State;

/// <content>What is created and dropped: temporary objects, cursors, prepared statements.</content>
internal ref partial struct StatementScanner
{
    private void ScanCreate()
    {
        Advance();
        if (Skip("OR"u8))
        {
            Advance();
        }

        if (!Skip("GLOBAL"u8))
        {
            Skip("LOCAL"u8);
        }

        var isTemporary = Skip("TEMP"u8) || Skip("TEMPORARY"u8);
        while (Is("UNLOGGED"u8) || Is("FOREIGN"u8) || Is("RECURSIVE"u8) || Is("MATERIALIZED"u8))
        {
            Advance();
        }

        _isRoutine = Is("FUNCTION"u8) || Is("PROCEDURE"u8);

        // A materialized view is a table here: what it shows is computed at once.
        var isComputed = Is("TABLE"u8) || Is("VIEW"u8);
        Advance();
        if (Skip("IF"u8))
        {
            Skip("NOT"u8);
            Skip("EXISTS"u8);
        }

        var name = TakeQualifiedName(out var schema);
        isTemporary |= IsTemporarySchema(schema);
        if (_isRoutine)
        {
            AddTemporary(isTemporary, name);
            return;
        }

        // ON COMMIT DROP ends it with the transaction.
        var before = _effects?.Count ?? 0;
        var dropping = 0;
        while (!AtEnd)
        {
            dropping = Is("ON"u8) ? 1 : (dropping == 1 && Is("COMMIT"u8)) || (dropping == 2 && Is("DROP"u8)) ? dropping + 1 : dropping == 3 ? 3 : 0;
            if (isComputed)
            {
                LookAtCall();
            }

            Advance();
        }

        if (dropping != 3)
        {
            AddTemporary(isTemporary, name, before);
        }
    }

    private void AddTemporary(bool isTemporary, string? name, int at = -1)
    {
        if (!isTemporary)
        {
            return;
        }

        Add(StateAction.Add, StateKind.TemporaryObject, name);
        if (at >= 0 && at < _effects!.Count - 1)
        {
            // The order of what one statement does is the order of its words.
            var last = _effects[^1];
            _effects.RemoveAt(_effects.Count - 1);
            _effects.Insert(at, last);
        }
    }

    private void ScanDrop()
    {
        Advance();
        while (Is("FOREIGN"u8) || Is("MATERIALIZED"u8))
        {
            Advance();
        }

        // Nothing else is looked for in pg_temp unless it is named.
        var isSearched = Is("TABLE"u8) || Is("VIEW"u8) || Is("SEQUENCE"u8) || Is("TYPE"u8) || Is("DOMAIN"u8);
        Advance();
        if (Skip("IF"u8))
        {
            Skip("EXISTS"u8);
        }

        do
        {
            var name = TakeQualifiedName(out var schema);
            if (name is not null && (schema is null ? isSearched : IsTemporarySchema(schema)))
            {
                Add(StateAction.Remove, StateKind.TemporaryObject, name);
            }

            while (!AtEnd && !(_depth == 0 && IsSymbol(',')))
            {
                Advance();
            }
        }
        while (Skip(','));
    }

    private static bool IsTemporarySchema(string? schema) => schema is not null && schema.StartsWith("pg_temp", StringComparison.Ordinal);

    /// <summary>The last part of a name with dots; <paramref name="schema"/>: the part before it, null without one.</summary>
    private string? TakeQualifiedName(out string? schema)
    {
        schema = null;
        var name = TakeName();
        while (name is not null && Skip('.'))
        {
            schema = name;
            name = TakeName();
        }

        return name;
    }

    private void ScanDeclare()
    {
        Advance();
        var name = TakeName();
        while (!AtEnd && !Is("FOR"u8))
        {
            if (Skip("WITH"u8))
            {
                if (Is("HOLD"u8))
                {
                    Add(StateAction.Add, StateKind.HeldCursor, name);
                }

                continue;
            }

            Advance();
        }

        ScanBody(mayBeInto: false);
    }

    private void ScanPrepare()
    {
        Advance();
        if (Is("TRANSACTION"u8))
        {
            return;
        }

        var name = TakeName();
        while (!AtEnd && !(_depth == 0 && Is("AS"u8)))
        {
            Advance();
        }

        Advance();

        // The statement does what it does when it is executed.
        var outside = _effects;
        var number = _statement;
        _effects = null;
        _statement = 0;
        if (!Is("PREPARE"u8))
        {
            ScanStatement(DeepestExplain);
        }

        var inner = _effects is null ? null : new StatementScan(_effects, int.MaxValue);
        _effects = outside;
        _statement = number;
        Add(StateAction.Add, StateKind.PreparedStatement, name, inner: inner);
    }

    private void ScanDeallocate()
    {
        Advance();
        Skip("PREPARE"u8);
        AddRemoval(StateKind.PreparedStatement, Is("ALL"u8));
    }
}
