using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <content>
/// Asks for the results of a refused batch's statements before it is made again, if the client was told of one once: where that has become something else, the client
/// gets the error after all. Its driver prepares again then; of rows that are not what it was told it would make nothing, or something wrong.
/// </content>
internal sealed partial class BatchRetry
{
    private int _described;
    private bool _isProbing;
    private bool _isUnsuitable;

    // Tables have changed once more between the Parse and the Describe.
    private bool _isOutpaced;

    /// <summary>The server is about to refuse the batch once more, for the client; the text of that error is not for it.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>
    /// Takes the server's next message once it has refused the batch. False: it is for the client. <paramref name="isBroken"/>: it must not be there.
    /// </summary>
    public bool TryTake(ServerLink link, ReadOnlySpan<byte> message, BufferPool buffers, MessageWriter writer, out bool isBroken)
    {
        isBroken = false;
        if (ResponseRelay.IsAsynchronous(message[0]))
        {
            return false;
        }

        switch (message[0])
        {
            case BackendMessage.ErrorResponse when !_isProbing || ServerError.IsFatal(message):
                // The server ends.
                Forget(buffers);
                return false;
            case BackendMessage.ErrorResponse:
                _isOutpaced = ChangedPlan.IsError(message);
                _isUnsuitable = true;
                break;
            case BackendMessage.ReadyForQuery when message.Length == 6 && message[5] == TransactionStatus.Idle:
                OnReady(link, buffers, writer);
                break;
            case BackendMessage.CloseComplete or BackendMessage.ParseComplete or BackendMessage.ParameterDescription when _isProbing:
                break;
            case BackendMessage.RowDescription or BackendMessage.NoData when _isProbing && _described < _statements.Count:
                Learn(link, message);
                break;
            default:
                isBroken = true;
                break;
        }

        return true;
    }

    private void OnReady(ServerLink link, BufferPool buffers, MessageWriter writer)
    {
        writer.Reset();
        if (_isProbing ? _isOutpaced && ++_times < TimesAtMost : _statements.Exists(each => each.Reader?.Told is not null))
        {
            Probe(link, writer);
        }
        else if (!_isProbing)
        {
            SendAgain(link, writer);
        }
        else if (!_isUnsuitable)
        {
            link.Connection.Send(_kept.AsSpan(0, _length));
            _isProbing = false;
            _times++;
            IsRefused = false;
        }
        else
        {
            writer.WriteBind("", ChangedPlan.AbsentStatement);
            if (_isKept)
            {
                writer.WriteSync();
            }
            else
            {
                writer.WriteFlush();
            }

            link.Connection.Send(writer.Written);
            Forget(buffers);
            IsGivenUp = true;
        }
    }

    private void Probe(ServerLink link, MessageWriter writer)
    {
        _isProbing = true;
        _isUnsuitable = false;
        _isOutpaced = false;
        _described = 0;
        link.Responses.Policy.WantsDescriptions = true;
        foreach (var (known, meant, _) in _statements)
        {
            StatementRewriter.WriteTarget(writer, FrontendMessage.Close, known);
            StatementRewriter.WriteParse(writer, known, meant.Definition);
            StatementRewriter.WriteTarget(writer, FrontendMessage.Describe, known);
        }

        writer.WriteSync();
        link.Statistics.ServerParseCount += _statements.Count;
        link.Connection.Send(writer.Written);
    }

    private void Learn(ServerLink link, ReadOnlySpan<byte> message)
    {
        var (known, meant, reader) = _statements[_described++];
        var list = link.Ledger.Statements!;
        list.MarkFresh(known, meant);
        var shape = new StatementChange(StatementChangeKind.Described, meant, Known: known).Learn(list, message);
        _isUnsuitable |= reader?.Told is { } told && !shape.IsSame(told) && !RowReading.DescribesPortals(_kept.AsSpan(0, _length), known);
    }
}
