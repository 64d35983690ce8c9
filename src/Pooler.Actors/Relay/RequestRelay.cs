using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <summary>
/// The way from a client to the server it holds: every request goes into the ledger before its bytes go to the server. Runs on the loop's thread;
/// allocates nothing.
/// </summary>
internal static class RequestRelay
{
    // More than this is sent in several pieces.
    private const int SentAtOnce = 1 << 16;

    /// <summary>
    /// Passes <paramref name="input"/> on. The bytes are the client's, in order; the server's connection takes them over before the call returns, but for
    /// <see cref="RelayResult.Left"/>.
    /// </summary>
    public static RelayResult Relay(
        ref FrameStream<RequestPolicy> requests,
        ref ClientStatements? statements,
        StatementRewriter rewriter,
        ServerLink link,
        Connection client,
        ReadOnlySpan<byte> input,
        BufferPool buffers,
        in RequestLimits limits,
        long now)
    {
        // What lies between runStart and position goes to the server in one piece; once a request was rewritten in this turn, through the writer.
        var output = link.Retry.IsWatching ? rewriter.Output : null;
        output?.Reset();
        var position = 0;
        var runStart = 0;
        RelayResult result;
        while (true)
        {
            var before = position;
            var step = requests.Next(input, ref position, buffers, limits.MaxPacketSize, out var piece, out var isCollected);
            if (step == FrameStep.Body)
            {
                if (!requests.Forwarding)
                {
                    runStart = position;
                }

                continue;
            }

            if (step != FrameStep.Header)
            {
                // What was kept of an unfinished header does not go yet.
                Pass(link, output, input[runStart..before], buffers);
                result = step == FrameStep.End ? RelayResult.Open : new RelayResult(RelayStatus.Broken, PoolerErrors.BadPacketHeader(piece));
                break;
            }

            var type = piece[0];
            if (type == FrontendMessage.Terminate)
            {
                Pass(link, output, input[runStart..before], buffers);
                result = new RelayResult(RelayStatus.Terminated, PoolerErrors.ClientCloseRequest);
                break;
            }

            if (statements is { Doubted: not null })
            {
                output = PassFirst(link, output, rewriter, input[runStart..before], buffers);
                runStart = before;
                rewriter.Decide(piece, link, statements);
            }

            string? error;
            var scan = link.Tracker?.Take(piece, requests.Remaining == 0, requests.Policy.Rewrites, statements);
            if (requests.Policy.Rewrites && StatementRewriter.MayName(piece, requests.Remaining == 0) && !(type == FrontendMessage.Query && limits.SimpleQueryDisallowed))
            {
                output = PassFirst(link, output, rewriter, input[runStart..before], buffers);
                runStart = before;
                var lengthBefore = output.Length;
                var taken = rewriter.Take(piece, requests.Remaining == 0, requests.Remaining == 0 ? input[position..] : [], link, client, ref statements, limits.MaxPreparedStatements, out error);
                if (taken == StatementStep.Broken)
                {
                    result = new RelayResult(RelayStatus.Broken, error, Complaint: rewriter.TakeComplaint());
                    break;
                }

                if (taken == StatementStep.Waiting)
                {
                    if (output.Length > lengthBefore)
                    {
                        // What has been asked of the server is as good as a request.
                        Begin(link, now);
                        link.Retry.OnAwait(buffers);
                    }

                    result = new RelayResult(RelayStatus.Open, null, input.Length - (isCollected ? position : before), isCollected ? piece.ToArray() : null);
                    requests.Rewind(buffers);
                    link.IsAwaited = true;
                    break;
                }

                requests.Forwarding = true;
                if (taken == StatementStep.Taken)
                {
                    link.Statistics.ReceivedBytes += piece.Length;
                    runStart = position;
                    if (link.Ledger.Count > 0)
                    {
                        Begin(link, now);
                    }

                    link.Retry.OnRequest(type, buffers);
                    if (output.Length > SentAtOnce)
                    {
                        SendOutput(link, output, buffers);
                    }

                    // A short request can make a long text go, or nothing at all: what follows waits until the server has caught up.
                    if (position < input.Length && requests.Remaining == 0 && link.IsBehind)
                    {
                        result = RelayResult.Open with { Left = input.Length - position };
                        break;
                    }

                    continue;
                }
            }

            if (type == FrontendMessage.Query && !link.Ledger.IsSkipping)
            {
                StatementRewriter.ForgetUnnamed(link, statements);
            }

            if (!TryEnter(link, piece, requests.Remaining == 0, limits, now, out error))
            {
                Pass(link, output, input[runStart..before], buffers);
                result = new RelayResult(RelayStatus.Broken, error, Complaint: DescribeRefusal(type, limits));
                break;
            }

            if (scan is not null)
            {
                link.Ledger.Attach(scan);
            }

            link.Retry.OnRequest(type, buffers);
            requests.Forwarding = true;
            if (isCollected)
            {
                // The header began in an earlier batch, so nothing of this one lies before it.
                Pass(link, output, piece, buffers);
                runStart = position;
            }
        }

        link.IsRequestUnfinished = requests.Remaining > 0 && requests.Forwarding;
        if ((link.OwesTooMuch || link.IsAwaited) && !link.IsRequestUnfinished)
        {
            // Nothing more comes from the client before answers do, and a server may keep those back until it is asked.
            if (output is null)
            {
                link.Connection.Send([FrontendMessage.Flush, 0, 0, 0, 4]);
            }
            else
            {
                output.WriteFlush();
            }
        }

        if (output is not null)
        {
            SendOutput(link, output, buffers);
        }

        return result;
    }

    /// <summary>True if a request of this type makes a client without a server ask for one.</summary>
    public static bool NeedsServer(byte type) =>
        type is not (FrontendMessage.CopyData or FrontendMessage.CopyDone or FrontendMessage.CopyFail or FrontendMessage.Terminate);

    /// <summary>The text with which a client is refused that sends a message of this type; null: it may.</summary>
    public static string? FindRefusal(byte type, in RequestLimits limits) => type switch
    {
        FrontendMessage.Query => limits.SimpleQueryDisallowed ? PoolerErrors.SimpleQueryDisallowed : null,
        FrontendMessage.Parse or FrontendMessage.Bind or FrontendMessage.Describe or FrontendMessage.Execute or FrontendMessage.Sync => null,
        FrontendMessage.Close or FrontendMessage.FunctionCall or FrontendMessage.Flush => null,
        FrontendMessage.CopyData or FrontendMessage.CopyDone or FrontendMessage.CopyFail or FrontendMessage.Terminate => null,
        _ => PoolerErrors.UnknownPacket,
    };

    /// <summary>What the log says besides of a message that <see cref="FindRefusal"/> refuses; null: nothing.</summary>
    public static string? DescribeRefusal(byte type, in RequestLimits limits) => FindRefusal(type, limits) switch
    {
        PoolerErrors.SimpleQueryDisallowed => "client used \"Query\" packet type",
        PoolerErrors.UnknownPacket => $"unknown pkt from client: {type}/0x{type:x}",
        _ => null,
    };

    private static bool TryEnter(ServerLink link, ReadOnlySpan<byte> request, bool isWhole, in RequestLimits limits, long now, out string? error)
    {
        var ledger = link.Ledger;
        var type = request[0];
        if ((error = FindRefusal(type, limits)) is not null)
        {
            return false;
        }

        if (ledger.IsSkipping && type != FrontendMessage.Sync)
        {
            // The server answers to none of them, however many they are.
            return true;
        }

        switch (type)
        {
            case FrontendMessage.Query:
                ExpectReset(ledger, request, isWhole);
                ledger.Add(ExpectedResponse.Query);
                break;
            case FrontendMessage.Parse:
                ExpectReset(ledger, request, isWhole);
                ledger.Add(ExpectedResponse.Parse);
                break;
            case FrontendMessage.Bind:
                ledger.Add(ExpectedResponse.Bind);
                break;
            case FrontendMessage.Describe:
                ledger.Add(ExpectedResponse.Describe);
                break;
            case FrontendMessage.Execute:
                ledger.Add(ExpectedResponse.Execute);
                break;
            case FrontendMessage.Sync:
                ledger.Add(ExpectedResponse.Sync);
                break;
            case FrontendMessage.Close:
                ledger.Add(ExpectedResponse.Close);
                break;
            case FrontendMessage.FunctionCall:
                ledger.Add(ExpectedResponse.FunctionCall);
                break;
            case FrontendMessage.CopyDone:
            case FrontendMessage.CopyFail:
                // The COPY that they end may be one whose beginning the server has not told yet. Without any request there is none.
                if (ledger.Count > 0)
                {
                    ledger.Add(type == FrontendMessage.CopyDone ? ExpectedResponse.CopyDone : ExpectedResponse.CopyFail);
                }

                return true;
            default:
                return true;
        }

        Begin(link, now);
        return true;
    }

    private static void ExpectReset(Ledger ledger, ReadOnlySpan<byte> request, bool isWhole)
    {
        if (ledger.Statements is { Count: > 0 } statements && StatementReset.IsLikely(request, isWhole))
        {
            statements.ExpectReset();
        }
    }

    /// <summary>The server has something to do: the query's time begins, and the transaction's, unless they run.</summary>
    private static void Begin(ServerLink link, long now)
    {
        if (link.QueryStart == 0)
        {
            link.QueryStart = now;
            link.Statistics.QueryCount++;
        }

        if (link.TransactionStart == 0)
        {
            link.TransactionStart = now;
            link.Statistics.TransactionCount++;
        }

        link.IsReady = false;
        link.IsBetweenBatches = false;
    }

    /// <summary>What came before a request that is rewritten goes first; from then on all goes through the writer.</summary>
    private static MessageWriter PassFirst(ServerLink link, MessageWriter? output, StatementRewriter rewriter, ReadOnlySpan<byte> bytes, BufferPool buffers)
    {
        if (output is null)
        {
            output = rewriter.Output;
            output.Reset();
        }

        Pass(link, output, bytes, buffers);
        return output;
    }

    private static void Pass(ServerLink link, MessageWriter? output, ReadOnlySpan<byte> bytes, BufferPool buffers)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        link.Statistics.ReceivedBytes += bytes.Length;
        if (output is null)
        {
            link.Connection.Send(bytes);
            return;
        }

        output.AppendBytes(bytes);
        if (output.Length > SentAtOnce)
        {
            SendOutput(link, output, buffers);
        }
    }

    private static void SendOutput(ServerLink link, MessageWriter output, BufferPool buffers)
    {
        link.Retry.OnSent(output.Written, buffers);
        if (output.Length > 0)
        {
            link.Connection.Send(output.Written);
            if (output.Length > 4 * SentAtOnce)
            {
                // A long text need not keep its room.
                output.Release();
            }
            else
            {
                output.Reset();
            }
        }
    }
}
