using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <content>What a server is told before a client's request can name a statement there.</content>
internal sealed partial class StatementRewriter
{
    /// <summary>
    /// Finds what the client means and sees to it that the server knows it as <paramref name="known"/>. Null, where a Bind would bring the client rows that are not what it was told: the
    /// server has to refuse it. <paramref name="next"/>: what has come behind the message.
    /// </summary>
    private StatementStep Prepare(
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> next,
        ServerLink link,
        ClientStatements? statements,
        int limit,
        out NamedStatement? named,
        out PreparedStatement known,
        out string? error)
    {
        error = null;
        known = null!;
        named = statements?.Find(name);
        if (named is null)
        {
            if (statements is not null && link.Ledger.IsUndecided(statements, name))
            {
                return StatementStep.Waiting;
            }

            error = PoolerErrors.PreparedStatementDidNotExist;
            _complaint = $"prepared statement '{WireText.Decode(name)}' not found";
            return StatementStep.Broken;
        }

        // Whoever asks again learns it.
        var list = ListOf(link);
        var reader = message[0] == FrontendMessage.Bind && link.Retry.IsEnabled && !named.IsBeingToldIn(list.Batch) && !RowReading.BeginsWithDescribePortal(next) ? named : null;
        var told = named.IsBeingTold ? null : reader?.Told;
        var statement = named.Statement;
        var presence = list.Use(statement, out known);
        var isOther = told is not null && presence == StatementPresence.Ready && list.ShapeOf(known)?.IsSame(told) == false;
        if (isOther && link.Retry.HasAwaited)
        {
            if (RowReading.Says(next))
            {
                named = null;
                return StatementStep.Taken;
            }

            // Nothing comes of the Bind alone.
            statements!.Doubted = known;
            told = null;
        }

        if (reader is not null && presence != StatementPresence.Ready && !link.Ledger.WaitsForCopyData
            && (named.IsBeingTold || (told is not null && presence == StatementPresence.Uncertain && (!list.IsSettled(known) || list.IsResetExpected))))
        {
            // The result may change between what an earlier batch says of it and a new Parse. A Parse that is needless, since the server has forgotten nothing, hides a change: the
            // plan of before is refused.
            return StatementStep.Waiting;
        }

        var begins = link.Retry.CanBegin(link);
        if (told is not null && link.Retry.MayAwait && !link.Ledger.WaitsForCopyData && (isOther || presence != StatementPresence.Ready || list.ShapeOf(known) is null))
        {
            // Tables may have changed, also back, or another client's search_path was meant: what the result is now decides. A plan whose result has been asked for is refused by the
            // server itself when that changes; one that the server makes for this use would bring whatever rows there are.
            AskForShape(link, statement, known, limit, begins);
            return StatementStep.Waiting;
        }

        var entered = link.Ledger.Entered;
        if (presence != StatementPresence.Ready)
        {
            Send(link, statement, presence, limit, ResponseAction.Insert, new StatementChange(StatementChangeKind.Parsed, statement));
        }

        if (told is not null && list.NeedsShape(known))
        {
            // It serves to notice a change one day.
            Describe(link, ResponseAction.Insert, new StatementChange(StatementChangeKind.Described, known));
        }

        // What this batch itself has parsed is parsed again with it.
        if (begins || (presence == StatementPresence.Ready && list.IsSettled(known)))
        {
            if (begins)
            {
                link.Retry.Begin(link, entered, Output.Length);
            }

            link.Retry.Note(known, statement, reader);
        }

        return StatementStep.Taken;
    }

    /// <summary>
    /// The request behind a Bind has come that could not be decided: the client is told of the columns by that, or gets the error in front of it, whose rows it must not get.
    /// </summary>
    public void Decide(ReadOnlySpan<byte> next, ServerLink link, ClientStatements statements)
    {
        var doubted = statements.Doubted!;
        statements.Doubted = null;
        if (!link.Ledger.IsSkipping && !RowReading.BeginsWithDescribePortal(next))
        {
            RefuseBind(link, doubted);
        }
    }

    /// <summary>A Bind that the server refuses, in place of one whose rows the client must not get.</summary>
    private void RefuseBind(ServerLink link, PreparedStatement known)
    {
        Output.WriteBind("", ChangedPlan.AbsentStatement);
        link.Ledger.Add(ExpectedResponse.Bind, ResponseAction.Forward, new StatementChange(StatementChangeKind.Outdated, known));
    }

    /// <summary>
    /// Has the server parse a statement anew and say what its result is. Outside a transaction that is the pooler's own business, with whatever comes of it; whether the client is outside of
    /// one is known when nothing is under way.
    /// </summary>
    private void AskForShape(ServerLink link, PreparedStatement statement, PreparedStatement known, int limit, bool begins)
    {
        if (begins && link.Ledger.Count > 0)
        {
            return;
        }

        var list = ListOf(link);
        if (known != statement)
        {
            // Parsed anew it could get other types.
            list.ForgetTyped(known);
        }

        var action = begins ? ResponseAction.Skip : ResponseAction.Insert;
        var presence = list.Use(statement) == StatementPresence.Absent ? StatementPresence.Absent : StatementPresence.Uncertain;
        Send(link, statement, presence, limit, action, new StatementChange(StatementChangeKind.Parsed, statement));
        Describe(link, action, new StatementChange(StatementChangeKind.Described, statement));
        if (begins)
        {
            Output.WriteSync();
            link.Ledger.Add(ExpectedResponse.Sync, action);
        }
    }

    /// <summary>Has the server say what a statement's result is.</summary>
    private void Describe(ServerLink link, ResponseAction action, in StatementChange change)
    {
        link.Responses.Policy.WantsDescriptions = true;
        var known = change.Known ?? change.Statement;
        ListOf(link).BeginDescribe(known);
        WriteTarget(Output, FrontendMessage.Describe, known);
        link.Ledger.Add(ExpectedResponse.Describe, action, change);
    }

    /// <summary>Has the server parse a statement, and close what is too many then.</summary>
    private void Send(
        ServerLink link, PreparedStatement statement, StatementPresence presence, int limit, ResponseAction action, in StatementChange change)
    {
        if (presence == StatementPresence.Uncertain)
        {
            Close(link, statement);
        }

        var list = ListOf(link);
        while (list.FindOldest(limit - 1) is { } oldest)
        {
            Close(link, oldest);
        }

        list.BeginParse(statement);
        WriteParse(Output, statement, statement.Definition);
        link.Statistics.ServerParseCount++;
        link.Ledger.Add(ExpectedResponse.Parse, action, change);
    }

    private void Close(ServerLink link, PreparedStatement statement)
    {
        ListOf(link).BeginClose(statement);
        WriteTarget(Output, FrontendMessage.Close, statement);
        link.Ledger.Add(ExpectedResponse.Close, ResponseAction.Insert, new StatementChange(StatementChangeKind.Closed, statement));
    }
}
