using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <content>
/// The unnamed statement. It belongs to its client as named ones do: drivers that ask what it is before they bind it (Parse, Describe, Sync, and only then Bind) may get another server in between,
/// whose unnamed statement is somebody else's.
/// </content>
internal sealed partial class StatementRewriter
{
    /// <summary>The longest Parse that is kept, bytes.</summary>
    public const int LongestUnnamed = 1 << 16;

    /// <summary>The client has no unnamed statement any more, and nor will the server have, by the same request.</summary>
    public static void ForgetUnnamed(ServerLink link, ClientStatements? statements)
    {
        link.HasMeantUnnamed = true;
        if (statements is not null)
        {
            statements.Unnamed = null;
        }
    }

    private static void TakeUnnamedParse(ReadOnlySpan<byte> body, bool isWhole, ReadOnlySpan<byte> next, ServerLink link, ref ClientStatements? statements)
    {
        ForgetUnnamed(link, statements);

        // What is bound at once, as nearly always, is not needed later.
        if (isWhole && body.Length <= LongestUnnamed && (next.IsEmpty || next[0] != FrontendMessage.Bind))
        {
            statements ??= new ClientStatements();
            link.ClientStatements = statements;
            statements.Unnamed = body[1..].ToArray();
        }
    }

    /// <summary>The client is about to use its unnamed statement: sees to it that the server has that one, or none.</summary>
    private StatementStep UseUnnamed(ServerLink link, ClientStatements? statements)
    {
        if (link.HasMeantUnnamed)
        {
            return StatementStep.Unnamed;
        }

        link.HasMeantUnnamed = true;
        if (statements?.Unnamed is { } definition)
        {
            Output.BeginMessage(FrontendMessage.Parse);
            Output.AppendByte(0);
            Output.AppendBytes(definition);
            Output.EndMessage();
            link.Statistics.ServerParseCount++;
            link.Ledger.Add(ExpectedResponse.Parse, ResponseAction.Insert);
        }
        else
        {
            Output.WriteCloseStatement("");
            link.Ledger.Add(ExpectedResponse.Close, ResponseAction.Insert);
        }

        return StatementStep.Unnamed;
    }
}
