using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <summary>
/// The way from a server to the client that holds it: every message is matched against the ledger before a byte of it goes to the client. Runs on the
/// loop's thread; allocates only when a tracked parameter changes.
/// </summary>
internal static class ResponseRelay
{
    /// <summary>The close reason of a server that sent what nobody asked for.</summary>
    public const string QuarantineReason = "quarantined: unexpected response";

    /// <summary>
    /// Passes <paramref name="input"/> on to <paramref name="client"/>, which takes the bytes over before the call returns; answers to the pooler's own
    /// requests are swallowed. <paramref name="clientParameters"/> follows what the server reports. Both are null while nobody holds the server.
    /// <paramref name="writer"/> is for requests that have to be made again, and for notices.
    /// </summary>
    public static RelayResult Relay(
        ServerLink link,
        Connection? client,
        ParameterValues? clientParameters,
        ReadOnlySpan<byte> input,
        BufferPool buffers,
        MessageWriter writer,
        uint maxPacketSize,
        long now)
    {
        link.LastActivity = now;
        link.Statistics.SentBytes += input.Length;

        // What lies between runStart and position goes to the client in one piece.
        var position = 0;
        var runStart = 0;
        while (true)
        {
            var before = position;
            switch (link.Responses.Next(input, ref position, buffers, maxPacketSize, out var piece, out var isCollected))
            {
                case FrameStep.End:
                    // What was kept of an unfinished message does not go yet.
                    Send(client, input[runStart..before]);
                    return RelayResult.Open;

                case FrameStep.Body:
                    if (!link.Responses.Forwarding)
                    {
                        runStart = position;
                    }

                    break;

                case FrameStep.Header:
                    var action = link.Ledger.HeadAction;
                    var isWithheld = !link.Retry.Withheld.IsEmpty;
                    bool isSwallowed;
                    var isReplaced = false;
                    if (link.Retry.IsWatching && TryTakeRefusal(link, piece, buffers, writer, out var reason))
                    {
                        isSwallowed = true;
                    }
                    else
                    {
                        isReplaced = piece[0] == BackendMessage.ErrorResponse && IsOutdated(link, piece);
                        reason = Enter(link, clientParameters, piece, action, now);
                        isSwallowed = isReplaced || action == ResponseAction.Skip || (action == ResponseAction.Insert && IsInserted(piece[0]));
                    }

                    if (isWithheld && !link.Retry.IsRefused && !IsAsynchronous(piece[0]))
                    {
                        // What the batch's answer begins with has only waited for this message.
                        Send(client, input[runStart..before]);
                        runStart = before;
                        Send(client, link.Retry.Withheld);
                        link.Retry.DropWithheld(buffers);
                    }

                    if (reason is not null)
                    {
                        Send(client, input[runStart..before]);
                        link.Responses.Forwarding = false;
                        return new RelayResult(RelayStatus.Broken, reason);
                    }

                    if (piece[0] == BackendMessage.ReadyForQuery && link.Tracker is { HasNotices: true } tracker)
                    {
                        Send(client, input[runStart..before]);
                        runStart = before;
                        writer.Reset();
                        tracker.WriteNotices(writer);
                        Send(client, writer.Written);
                    }

                    // A notification is never the answer to a request of the pooler's own.
                    link.Responses.Forwarding = (!isSwallowed && !link.IsLeaving) || piece[0] == BackendMessage.NotificationResponse;
                    if (!link.Responses.Forwarding)
                    {
                        Send(client, input[runStart..before]);
                        runStart = position;
                        if (isReplaced)
                        {
                            writer.Reset();
                            writer.WriteChangedPlan();
                            Send(client, writer.Written);
                        }
                    }
                    else if (isCollected)
                    {
                        // The message began in an earlier batch, so nothing of this one lies before it.
                        Send(client, piece);
                        runStart = position;
                    }

                    break;

                default:
                    Send(client, input[runStart..before]);
                    return new RelayResult(RelayStatus.Broken, PoolerErrors.BadServerPacketHeader);
            }

            // The pooler's own answers come behind the whole message that they follow.
            if (link.Ledger.HeadAction == ResponseAction.Fake && link.Responses.Remaining == 0)
            {
                Send(client, input[runStart..position]);
                runStart = position;
                while (link.Ledger.TryTakeFake(out var kind))
                {
                    Send(client, StatementRewriter.AnswerTo(kind));
                }
            }
        }
    }

    /// <summary>
    /// Takes a message that belongs to a batch which the server refuses and which is made again: the refusal, and what follows until it is made again. False: it is
    /// the client's.
    /// </summary>
    private static bool TryTakeRefusal(ServerLink link, ReadOnlySpan<byte> message, BufferPool buffers, MessageWriter writer, out string? reason)
    {
        reason = null;
        if (!link.Retry.IsRefused)
        {
            return link.Retry.TryRefuse(link, message, buffers);
        }

        var isTaken = link.Retry.TryTake(link, message, buffers, writer, out var isBroken);
        reason = isBroken ? QuarantineReason : null;
        return isTaken;
    }

    /// <summary>Takes note of one message; the reason to close the server when it must not be there.</summary>
    private static string? Enter(ServerLink link, ParameterValues? clientParameters, ReadOnlySpan<byte> message, ResponseAction action, long now)
    {
        var isSkipped = action == ResponseAction.Skip;
        switch (message[0])
        {
            case BackendMessage.ReadyForQuery:
                return EnterReady(link, clientParameters, message, isSkipped, now);

            case BackendMessage.ParameterStatus:
                if (!ParameterStatusMessage.TryRead(message[5..], out var name, out var value))
                {
                    return PoolerErrors.BrokenParameterStatus;
                }

                link.Parameters.TrySet(name, value);
                if (!isSkipped)
                {
                    clientParameters?.TrySet(name, value);
                }

                return null;

            case BackendMessage.NoticeResponse:
            case BackendMessage.NotificationResponse:
                return null;

            case BackendMessage.ErrorResponse when link is { IsReady: true, TransactionStatus: TransactionStatus.Idle, Ledger.Count: 0, IsSessionMode: false }
                && link.Tracker is not { IsPinned: true }:
                // A server that is shut down says so to whoever is there, but this client's work is done.
                link.IsLeaving = true;
                return null;

            default:
                if (action == ResponseAction.Forward)
                {
                    link.Tracker?.OnAnswer(message);
                }

                if (isSkipped && link.IsApplyingParameters && message[0] == BackendMessage.ErrorResponse)
                {
                    ServerError.TryRead(message[FrameHeader.Size..], out var refusal);
                    link.OwnError ??= $"{refusal.SeverityOrDefault}: {refusal.MessageOrDefault}";
                }

                if (message[0] is BackendMessage.RowDescription or BackendMessage.NoData)
                {
                    link.Ledger.Learn(message);
                }

                if (link.Ledger.TrySettle(message[0]))
                {
                    FollowStatements(link, message, action);
                    return null;
                }

                return IsKnown(message[0]) ? QuarantineReason : PoolerErrors.UnknownPacket;
        }
    }

    /// <summary>
    /// True if an error means that the client goes by a result that is not the statement's any more: the pooler has made the server send it, or the server finds that the client asks for more or
    /// fewer columns than there are. A session of its own would have said that the result has changed, for which drivers have a remedy.
    /// </summary>
    private static bool IsOutdated(ServerLink link, ReadOnlySpan<byte> message)
    {
        var isGivenUp = link.Retry.IsGivenUp;
        link.Retry.IsGivenUp = false;
        return ((isGivenUp || link.Ledger.IsHeadOutdated) && !ServerError.IsFatal(message)) || (link.Retry.IsEnabled && link.Ledger.IsHeadNamedBind && ChangedPlan.IsFormatError(message));
    }

    /// <summary>True for what answers a request of the pooler's own within a client's batch.</summary>
    private static bool IsInserted(byte type) =>
        type is BackendMessage.ParseComplete or BackendMessage.BindComplete or BackendMessage.CloseComplete
            or BackendMessage.ParameterDescription or BackendMessage.RowDescription or BackendMessage.NoData;

    /// <summary>Keeps the lists of statements true to what the server has done.</summary>
    private static void FollowStatements(ServerLink link, ReadOnlySpan<byte> message, ResponseAction action)
    {
        switch (message[0])
        {
            case BackendMessage.ErrorResponse:
                link.Retry.EndFresh();
                if (link.Ledger.Statements is { Count: > 0 } statements && ChangedPlan.IsError(message))
                {
                    statements.MarkAllStale();
                }

                break;
            case BackendMessage.ParameterDescription:
                link.Ledger.OnParameters(message);
                break;
            case BackendMessage.ParseComplete when action == ResponseAction.Insert:
                link.Retry.OnInsertedParse(link);
                break;
            case BackendMessage.CommandComplete when message[FrameHeader.Size..].SequenceEqual("DEALLOCATE ALL\0"u8) || message[FrameHeader.Size..].SequenceEqual("DISCARD ALL\0"u8):
                link.Ledger.Statements?.Forget();
                link.ClientStatements?.Forget(link.Ledger);
                break;
            default:
                break;
        }
    }

    private static string? EnterReady(ServerLink link, ParameterValues? clientParameters, ReadOnlySpan<byte> message, bool isSkipped, long now)
    {
        var failed = link.Ledger.QueryFailed;
        if (message.Length != 6 || !link.Ledger.TrySettleReady())
        {
            return QuarantineReason;
        }

        link.TransactionStatus = message[5];
        if (isSkipped)
        {
            link.OwnQueryFailed = failed;
            link.IsReady = link.Ledger.Count == 0;
            if (!link.IsApplyingParameters)
            {
                return null;
            }

            if (failed || clientParameters is null)
            {
                link.IsApplyingParameters = false;
                return PoolerErrors.InvalidServerParameter;
            }

            link.IsApplyingParameters = link.Ledger.HeadAction == ResponseAction.Skip;
            if (link.IsApplyingParameters)
            {
                return null;
            }

            // The server's own spelling is the client's from now on, so that the next server is not asked for the same again.
            clientParameters.CopyCanonical(link.Parameters);
            return null;
        }

        link.Tracker?.OnReady(message[5], failed);
        if (link.IsStatementMode && link.TransactionStatus != TransactionStatus.Idle)
        {
            return PoolerErrors.NoTransactionsInStatementMode;
        }

        if (link.Ledger.Count > 0)
        {
            link.IsBetweenBatches = true;
            return null;
        }

        link.IsReady = true;
        if (link.QueryStart > 0)
        {
            link.Statistics.QueryTime += now - link.QueryStart;
            link.QueryStart = 0;
        }

        if (link.TransactionStatus == TransactionStatus.Idle && link.TransactionStart > 0)
        {
            link.Statistics.TransactionTime += now - link.TransactionStart;
            link.TransactionStart = 0;
        }

        return null;
    }

    /// <summary>True for what a server says between any other messages.</summary>
    public static bool IsAsynchronous(byte type) => type is BackendMessage.NoticeResponse or BackendMessage.NotificationResponse or BackendMessage.ParameterStatus;

    private static bool IsKnown(byte type) => "123ACDEGHIKNRSTVWZcdnstv"u8.Contains(type);

    private static void Send(Connection? client, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            client?.Send(bytes);
        }
    }
}
