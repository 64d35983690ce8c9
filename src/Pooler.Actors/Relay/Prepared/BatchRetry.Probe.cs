using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <content>
/// Batches of clients that were told the columns of a statement once and do not ask again. They would read the new result as if it were the old one, so the statements are
/// parsed and described first, and the batch is made again only if the columns are the same, a length aside.
/// </content>
internal sealed partial class BatchRetry
{
    private int _binds;
    private int _describes;
    private int _described;
    private bool _isSame;

    /// <summary>The statements of the refused batch are being parsed and described.</summary>
    public bool IsProbing { get; private set; }

    /// <summary>No statement has other columns than its clients were told.</summary>
    public bool IsSame => _isSame && _described == _statements.Count;

    /// <summary>The refused batch goes by columns that were told before.</summary>
    public bool NeedsProbe
    {
        get
        {
            var isTold = false;
            foreach (var (_, meant) in _statements)
            {
                isTold |= meant.Columns != ColumnPrint.Unknown;
            }

            return isTold && _binds > _describes;
        }
    }

    /// <summary>Asks the server for the columns; it has ended the refused batch. The ledger does not know of it.</summary>
    public void Probe(ServerLink link, MessageWriter writer)
    {
        writer.Reset();
        foreach (var (known, meant) in _statements)
        {
            WriteAnew(writer, known, meant);
            StatementRewriter.WriteTarget(writer, FrontendMessage.Describe, known);
        }

        writer.AppendBytes([FrontendMessage.Sync, 0, 0, 0, 4]);
        link.Connection.Send(writer.Written);
        link.Statistics.ServerParseCount += _statements.Count;
        link.Responses.Policy.WantsColumns = true;
        IsProbing = true;
        _described = 0;
        _isSame = true;
    }

    /// <summary>The server answers that. False: it does not fit.</summary>
    public bool TryTakeProbe(ServerLink link, ReadOnlySpan<byte> message)
    {
        if (message[0] is not (BackendMessage.RowDescription or BackendMessage.NoData))
        {
            return message[0] is BackendMessage.CloseComplete or BackendMessage.ParseComplete or BackendMessage.ParameterDescription;
        }

        if (_described == _statements.Count)
        {
            return false;
        }

        var (known, meant) = _statements[_described++];
        link.Ledger.Statements?.MarkFresh(known, meant);
        _isSame &= meant.Columns == ColumnPrint.Unknown || meant.Columns == ColumnPrint.Of(message);
        return true;
    }

    /// <summary>Sends the batch again, whose statements have been parsed by then.</summary>
    public void SendProbed(ServerLink link)
    {
        link.Connection.Send(_kept.AsSpan(0, _length));
        link.Responses.Policy.WantsColumns = false;
        _times++;
        IsProbing = false;
        IsRefused = false;
    }

    private static void WriteAnew(MessageWriter writer, PreparedStatement known, PreparedStatement meant)
    {
        StatementRewriter.WriteTarget(writer, FrontendMessage.Close, known);
        StatementRewriter.WriteParse(writer, known, meant.Definition);
    }
}
