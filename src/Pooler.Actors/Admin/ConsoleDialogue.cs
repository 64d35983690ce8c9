using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// The protocol of one console session after login, without sockets or actors: received bytes go in however they were split, commands come out
/// one at a time, and answers become messages in <see cref="Output"/>. Commands that come while one runs wait here, so that answers
/// keep the order of the commands; only a command that waits for others to finish lets the next one pass.
/// Used by one thread. Holds no buffer while nothing is incomplete.
/// </summary>
internal sealed class ConsoleDialogue
{
    /// <summary>The longest message taken, bytes. No command comes near it.</summary>
    public const int MaxMessage = 65536;

    private byte[] _received = [];
    private int _start;
    private bool _badPacket;
    private bool _isExtended;
    private byte _status = TransactionStatus.Idle;
    private ExtendedDialogue? _extended;

    /// <summary>Messages for the client; whoever sends them resets it.</summary>
    public MessageWriter Output { get; } = new();

    /// <summary>
    /// A command was given out and has no answer yet. One of a simple query that waits for others does not count; a prepared one does, because the
    /// answer to the client's Sync comes behind it.
    /// </summary>
    public bool IsBusy { get; private set; }

    /// <summary>The prepared command that was given out waits for others to finish.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>More bytes may be received.</summary>
    public bool HasRoom => _received.Length - _start < MaxMessage;

    private ExtendedDialogue Extended => _extended ??= new ExtendedDialogue(Output);

    /// <summary>Takes bytes from the client.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;

        ReadOnlySpan<byte> rest = _received.AsSpan(_start);
        byte[] joined = new byte[rest.Length + bytes.Length];
        rest.CopyTo(joined);
        bytes.CopyTo(joined.AsSpan(rest.Length));
        _received = joined;
        _start = 0;
    }

    /// <summary>Looks at the next message. Call it until it gives <see cref="DialogueStepKind.Nothing"/> or the session ends.</summary>
    public DialogueStep Next()
    {
        if (_badPacket)
            return Break(PoolerErrors.BadPacket);

        while (!IsBusy)
        {
            ReadOnlySpan<byte> bytes = _received.AsSpan(_start);
            FrameStatus status = FrameHeader.TryRead(bytes, uint.MaxValue, out FrameHeader header);
            if (status == FrameStatus.Bad)
                return Break(PoolerErrors.BadPacketHeader(bytes));
            if (status == FrameStatus.Incomplete)
                break;
            if (!IsKnown(header.Type))
                return Break(PoolerErrors.UnknownPacket);
            if (header.Length > MaxMessage)
                return Break(PoolerErrors.IncompletePacket);
            if (bytes.Length < header.Length)
                break;

            Consume(header.Length);
            if (Take(header.Type, bytes[FrameHeader.Size..header.Length]) is { } step)
                return step;
        }

        return default;
    }

    /// <summary>Writes the answer to the command that was given out, or to one that has waited.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="hasWaited">An earlier answer to the same command was <see cref="ConsoleReplyKind.Waits"/>.</param>
    public void Answer(ConsoleReply reply, bool hasWaited)
    {
        if (_isExtended && !hasWaited)
        {
            IsWaiting = reply.Kind == ConsoleReplyKind.Waits;
            if (!IsWaiting)
                AnswerPrepared(reply);
            return;
        }

        if (!hasWaited)
            IsBusy = false;

        switch (reply.Kind)
        {
            case ConsoleReplyKind.Done:
                WriteResults(reply);
                Output.WriteReadyForQuery(_status);
                break;
            case ConsoleReplyKind.Error:
                WriteError(reply.Text, reply.SqlState, string.IsNullOrEmpty(reply.Detail) ? null : reply.Detail);
                break;
            case ConsoleReplyKind.Fatal:
                Output.WriteFatal(reply.Text, reply.SqlState);
                break;
            case ConsoleReplyKind.Waits:
                break;
        }
    }

    private static bool IsKnown(byte type) => type is FrontendMessage.Query or FrontendMessage.Terminate or FrontendMessage.Parse
        or FrontendMessage.Bind or FrontendMessage.Execute or FrontendMessage.Sync or FrontendMessage.Describe or FrontendMessage.Flush
        or FrontendMessage.FunctionCall or FrontendMessage.Close or FrontendMessage.CopyData or FrontendMessage.CopyDone or FrontendMessage.CopyFail;

    private DialogueStep? Take(byte type, ReadOnlySpan<byte> body)
    {
        var reader = new MessageReader(body);
        switch (type)
        {
            case FrontendMessage.Query:
                if (!reader.TryReadCString(out ReadOnlySpan<byte> text))
                    return Break(PoolerErrors.IncompleteQuery);

                if (_extended is { IsSkipping: true })
                    return null;

                _extended?.DropUnnamed();
                _isExtended = false;
                IsBusy = true;
                return new DialogueStep(DialogueStepKind.Run, WireText.Decode(text));

            case FrontendMessage.Terminate:
                return new DialogueStep(DialogueStepKind.Terminated, PoolerErrors.ClientCloseRequest);

            case FrontendMessage.Parse or FrontendMessage.Bind or FrontendMessage.Describe or FrontendMessage.Execute or FrontendMessage.Close:
                return TakePrepared(type, body);

            case FrontendMessage.Sync:
                _extended?.Sync(_status == TransactionStatus.InTransaction);
                Output.WriteReadyForQuery(_status);
                return null;

            // Whatever is written is sent anyway before the client is read again. Copy messages may still be under way after an error.
            case FrontendMessage.Flush or FrontendMessage.CopyData or FrontendMessage.CopyDone or FrontendMessage.CopyFail:
                return null;

            default:
                return Refuse(PoolerErrors.UnsupportedConsolePacket(type));
        }
    }

    private DialogueStep? TakePrepared(byte type, ReadOnlySpan<byte> body)
    {
        DialogueStep? step = Extended.Take(type, body);
        switch (step?.Kind)
        {
            case DialogueStepKind.Run:
                _isExtended = true;
                IsBusy = true;
                break;
            case DialogueStepKind.Broken:
                return Break(step.Value.Text);
        }

        return step;
    }

    private void AnswerPrepared(ConsoleReply reply)
    {
        IsBusy = false;
        if (Apply(reply.Effect) is { } error)
            Extended.Answer(error);
        else
            Extended.Answer(reply);
    }

    private void WriteResults(ConsoleReply reply)
    {
        if (reply.Parts.IsEmpty)
        {
            WriteResult(reply);
            return;
        }

        foreach (ConsoleReply part in reply.Parts)
        {
            if (!WriteResult(part))
                return;
        }
    }

    // False for an error, behind which nothing of the same text is run.
    private bool WriteResult(ConsoleReply reply)
    {
        if (Apply(reply.Effect) is { } error)
        {
            Output.WriteErrorResponse(Severities.Error, error.SqlState, error.Text);
            return false;
        }

        if (reply.Notice is not null)
            Output.WriteNoticeResponse(reply.Notice, reply.NoticeDetail);
        reply.Table?.Write(Output);
        if (reply.Text.Length == 0)
            Output.WriteEmptyQueryResponse();
        else
            Output.WriteCommandComplete(reply.Text);

        return true;
    }

    // Gives the error of an effect that cannot be had.
    private ConsoleReply? Apply(SessionEffect effect)
    {
        switch (effect.Kind)
        {
            case SessionEffectKind.BeginTransaction:
                _status = TransactionStatus.InTransaction;
                break;
            case SessionEffectKind.EndTransaction:
                _status = TransactionStatus.Idle;
                break;
            case SessionEffectKind.DiscardAll:
                _status = TransactionStatus.Idle;
                _extended?.DropStatements();
                _extended?.DropPortals();
                break;
            case SessionEffectKind.CloseAll:
                _extended?.DropPortals();
                break;
            case SessionEffectKind.DeallocateAll:
                _extended?.DropStatements();
                break;
            case SessionEffectKind.Deallocate when _extended?.DropStatement(effect.Name) != true:
                return ConsoleReply.Error(PoolerErrors.NoSuchStatement(effect.Name)) with { SqlState = SqlStates.UndefinedStatement };
        }

        return null;
    }

    private DialogueStep Refuse(string text)
    {
        WriteError(text, SqlStates.ProtocolViolation);
        _badPacket = true;
        return new DialogueStep(DialogueStepKind.Refused, text);
    }

    private DialogueStep Break(string text)
    {
        Output.WriteFatal(text);
        return new DialogueStep(DialogueStepKind.Broken, text);
    }

    private void WriteError(string text, string sqlState, string? detail = null)
    {
        Output.WriteErrorResponse(Severities.Error, sqlState, text, detail);
        Output.WriteReadyForQuery(_status);
    }

    private void Consume(int count)
    {
        _start += count;
        if (_start == _received.Length)
        {
            _received = [];
            _start = 0;
        }
    }
}
