using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// Makes a batch of requests again whose prepared statement was planned for tables that have changed since. A server refuses such a batch at its first
/// step, before anything of it has run, so that it can be sent again behind a fresh Parse, and the client sees one answer. Only where that is so: outside
/// a transaction, nothing of it answered yet, and nothing sent behind it. A batch behind it has run by the time the refusal is known; what the refused one
/// would read and write then is not what its client asked for, so that client gets the error. One per server connection, used on the loop's thread by
/// whoever owns that.
/// </summary>
internal sealed partial class BatchRetry
{
    // A batch that is longer costs more to keep than its error.
    private const int KeptAtMost = 1 << 14;

    // All texts of a batch are sent in one go.
    private const int TextsAtMost = 1 << 20;

    // A table may change once more between a Parse and the request behind it.
    private const int TimesAtMost = 10;

    // As the server knows them, as their clients mean them, and who reads the rows by what it was told; null: it asks.
    private readonly List<(PreparedStatement Known, PreparedStatement Meant, NamedStatement? Reader)> _statements = [];
    private byte[]? _kept;
    private int _length;
    private byte[]? _withheld;
    private int _withheldLength;
    private int _start;
    private int _fresh;
    private long _textLength;
    private long _first;
    private long _before;
    private int _times;
    private int _awaits;
    private bool _isComplete;
    private bool _isFlushed;
    private bool _isKept;

    /// <summary>Batches are made again; else their errors go to the client.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>A batch is being watched.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>The server has refused the batch, and its ReadyForQuery is awaited; nothing else may be sent to it.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>True if a request that is entered now begins a batch that can be made again. Of several batches in flight that is the last one.</summary>
    public bool CanBegin(ServerLink link) =>
        IsEnabled && (!IsWatching || _isComplete)
        && (link.Ledger.Count > 0 ? link.Ledger.EndsWithBatch : link is { IsReady: true, TransactionStatus: TransactionStatus.Idle });

    /// <summary>
    /// The beginning of the server's answer, which the client gets with what follows: a Describe says the parameters' types before it looks whether the plan is right.
    /// Empty: there is none.
    /// </summary>
    public ReadOnlySpan<byte> Withheld => _withheld.AsSpan(0, _withheldLength);

    /// <summary>The client has got <see cref="Withheld"/>, or never will.</summary>
    public void DropWithheld(BufferPool buffers)
    {
        _withheldLength = 0;
        if (_withheld is not null)
        {
            buffers.Return(_withheld);
            _withheld = null;
        }
    }

    /// <summary>
    /// A batch begins behind what has been entered. <paramref name="entered"/>: as much was entered before the pooler's own requests for it;
    /// <paramref name="written"/>: bytes written for the server in this turn before it.
    /// </summary>
    public void Begin(ServerLink link, long entered, int written)
    {
        IsWatching = true;
        _isComplete = false;
        _isFlushed = false;
        _isKept = false;
        _start = written;
        _length = 0;
        _textLength = 0;
        _times = 0;
        _first = entered;
        _before = link.Ledger.Entered;
        _statements.Clear();

        // Parses of the batch before may still be under way.
        _fresh = 0;
    }

    /// <summary>
    /// A request of the batch is about to use a statement that the server knows, or is told of before the batch. <paramref name="meant"/>: the same with the types that the client
    /// goes by; <paramref name="reader"/>: whose rows are read by what the client was told before, null: it asks.
    /// </summary>
    public void Note(PreparedStatement known, PreparedStatement meant, NamedStatement? reader)
    {
        if (!IsWatching || _isComplete)
        {
            return;
        }

        var index = 0;
        while (index < _statements.Count && (_statements[index].Known != known || _statements[index].Meant != meant))
        {
            index++;
        }

        if (index == _statements.Count)
        {
            _statements.Add((known, meant, reader));
            _textLength += meant.Definition.Length;
        }
        else if (reader is not null)
        {
            _statements[index] = (known, meant, reader);
        }
    }

    /// <summary>The client's next request may be held up once more for an answer that it depends on.</summary>
    public bool MayAwait => _awaits < TimesAtMost;

    /// <summary>It has been held up for one.</summary>
    public bool HasAwaited => _awaits > 0;

    /// <summary>Something is asked of the server that the client's next request depends on.</summary>
    public void OnAwait(BufferPool buffers)
    {
        _awaits++;
        if (IsWatching)
        {
            // What is sent behind the end of a batch would run before it, and its own middle cannot be repeated.
            Forget(buffers);
        }
    }

    /// <summary>A request of this type was entered.</summary>
    public void OnRequest(byte type, BufferPool buffers)
    {
        _awaits = 0;
        if (!IsWatching)
        {
            return;
        }

        _isFlushed = type == FrontendMessage.Flush;

        // What is sent behind the end of the batch would run before it.
        if (_isComplete || _textLength > TextsAtMost || type is FrontendMessage.Query or FrontendMessage.FunctionCall or FrontendMessage.CopyData or FrontendMessage.CopyDone or FrontendMessage.CopyFail)
        {
            Forget(buffers);
        }
        else if (type == FrontendMessage.Sync)
        {
            _isComplete = true;
        }
    }

    /// <summary>These bytes go to the server in this turn; what belongs to the batch is kept.</summary>
    public void OnSent(ReadOnlySpan<byte> bytes, BufferPool buffers)
    {
        if (!IsWatching || _isKept)
        {
            return;
        }

        var part = bytes[_start..];
        _start = 0;
        if (_length + part.Length > KeptAtMost)
        {
            Forget(buffers);
            return;
        }

        _kept = buffers.Grow(_kept, _length, _length + part.Length);
        part.CopyTo(_kept.AsSpan(_length));
        _length += part.Length;
        _isKept = _isComplete;
    }

    /// <summary>True if this message of the server is to be swallowed because the batch will be made again.</summary>
    public bool TryRefuse(ServerLink link, ReadOnlySpan<byte> message, BufferPool buffers)
    {
        if (ResponseRelay.IsAsynchronous(message[0]))
        {
            return false;
        }

        if (link.Ledger.Settled < _before)
        {
            // It answers what was sent before.
            if (link.Ledger.Settled < _first || message[0] != BackendMessage.ErrorResponse)
            {
                return false;
            }

            if (!(link.Ledger is { Head: ExpectedResponse.Describe, HeadAction: ResponseAction.Insert } && ChangedPlan.IsError(message)))
            {
                // A Parse of the pooler's own: the batch is skipped.
                Forget(buffers);
                return false;
            }

            link.Ledger.Drop(_before - link.Ledger.Settled);
        }

        var isChanged = message[0] == BackendMessage.ErrorResponse
            && link.Ledger is { Head: ExpectedResponse.Bind or ExpectedResponse.Describe, HeadAction: ResponseAction.Forward }
            && ChangedPlan.IsError(message);
        if (isChanged)
        {
            link.Ledger.Statements?.MarkAllStale();
        }

        var isThere = _isKept || (_isFlushed && !link.IsRequestUnfinished);
        var canRepeat = isThere && _times < TimesAtMost && link.Ledger.Settled == _before && link.TransactionStatus == TransactionStatus.Idle;
        if (canRepeat && isChanged)
        {
            DropWithheld(buffers);
            if (!_isKept)
            {
                // The server reads nothing before a Sync, and the client waits for what it has flushed.
                link.Connection.Send([FrontendMessage.Sync, 0, 0, 0, 4]);
            }

            IsRefused = true;
            return true;
        }

        if (canRepeat && link.Ledger is { Head: ExpectedResponse.Describe, HeadAction: ResponseAction.Forward } && FrameHeader.IsWhole(message) && message[0] == BackendMessage.ParameterDescription)
        {
            _withheld = buffers.Grow(_withheld, 0, message.Length);
            message.CopyTo(_withheld);
            _withheldLength = message.Length;
            return true;
        }

        if (message[0] is BackendMessage.RowDescription or BackendMessage.NoData && !Withheld.IsEmpty)
        {
            // Now the client gets it.
            link.Ledger.OnParameters(Withheld);
        }

        Forget(buffers);
        return false;
    }

    /// <summary>Sends the batch again behind new Parses; the ledger then begins with these. The server has ended the refused one.</summary>
    private void SendAgain(ServerLink link, MessageWriter writer)
    {
        foreach (var (known, meant, _) in _statements)
        {
            StatementRewriter.WriteTarget(writer, FrontendMessage.Close, known);
            StatementRewriter.WriteParse(writer, known, meant.Definition);
        }

        writer.AppendBytes(_kept.AsSpan(0, _length));
        link.Connection.Send(writer.Written);
        for (var i = 0; i < _statements.Count; i++)
        {
            link.Ledger.AddFirst(ExpectedResponse.Parse, ResponseAction.Insert);
            link.Ledger.AddFirst(ExpectedResponse.Close, ResponseAction.Insert);
        }

        link.Statistics.ServerParseCount += _statements.Count;
        _fresh = _statements.Count;
        _before += 2 * _statements.Count;
        _times++;
        IsRefused = false;
    }

    /// <summary>The server has answered a Parse that the client does not know of.</summary>
    public void OnInsertedParse(ServerLink link)
    {
        if (_fresh > 0)
        {
            var (known, meant, _) = _statements[^_fresh--];
            link.Ledger.Statements?.MarkFresh(known, meant);
        }
    }

    /// <summary>No Parse of a batch that was made again is awaited any more: an error has skipped them, or they are done.</summary>
    public void EndFresh() => _fresh = 0;

    /// <summary>Watches no more; the batch takes its course.</summary>
    public void Forget(BufferPool buffers)
    {
        IsWatching = false;
        IsRefused = false;
        _isProbing = false;
        _isComplete = false;
        _isFlushed = false;
        _isKept = false;
        _length = 0;
        _fresh = 0;
        if (_kept is not null)
        {
            buffers.Return(_kept);
            _kept = null;
        }
    }
}
