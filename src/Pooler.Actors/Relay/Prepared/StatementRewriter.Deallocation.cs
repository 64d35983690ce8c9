using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <content>Statements that clients give up by a command.</content>
internal sealed partial class StatementRewriter
{
    /// <summary>
    /// A client gives a statement up by a command. The server carries that out under its own name for the statement, so that the answer is its own, in a failed transaction as
    /// well; what it does not know it is told before. A simple query becomes a batch: it, too, ends the unnamed statement and takes an error for itself alone.
    /// </summary>
    private StatementStep TakeDeallocation(ReadOnlySpan<byte> body, bool isSimple, ServerLink link, ClientStatements? statements, int limit)
    {
        var end = body.IndexOf((byte)0);
        Span<byte> buffer = stackalloc byte[Deallocation.LongestName];
        if (statements is null || end < 0 || (isSimple && end != body.Length - 1) || !Deallocation.TryRead(body[..end], buffer, out var name)
            || statements.Find(name) is not { } named)
        {
            return StatementStep.Unnamed;
        }

        var statement = named.Statement;
        var list = ListOf(link);
        var presence = list.Use(statement, out var known);
        if (presence != StatementPresence.Ready)
        {
            Send(link, statement, presence, limit, ResponseAction.Insert, new StatementChange(StatementChangeKind.Parsed, statement));
        }

        statements.Take(name);
        list.BeginClose(known);
        var change = new StatementChange(StatementChangeKind.Deallocated, statements, named, known);
        Output.BeginMessage(FrontendMessage.Parse);
        Output.AppendByte(0);
        Deallocation.Write(Output, known);
        Output.AppendBytes(isSimple ? [0, 0] : body[(end + 1)..]);
        Output.EndMessage();
        if (!isSimple)
        {
            link.Ledger.Add(ExpectedResponse.Parse, ResponseAction.Forward, change);
            return StatementStep.Taken;
        }

        ForgetUnnamed(link, statements);
        Output.WriteBind("", "");
        Output.WriteExecute("");
        Output.WriteSync();
        link.Ledger.Add(ExpectedResponse.Parse, ResponseAction.Insert);
        link.Ledger.Add(ExpectedResponse.Bind, ResponseAction.Insert);
        link.Ledger.Add(ExpectedResponse.Execute, ResponseAction.Forward, change);
        link.Ledger.Add(ExpectedResponse.Sync);
        return StatementStep.Taken;
    }
}
