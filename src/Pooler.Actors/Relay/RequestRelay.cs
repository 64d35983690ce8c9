using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <summary>
/// The way from a client to the server it holds: every request goes into the ledger before its bytes go to the server. Runs on the loop's thread;
/// allocates nothing.
/// </summary>
internal static class RequestRelay
{
    /// <summary>
    /// Passes <paramref name="input"/> on. The bytes are the client's, in order; the server's connection takes them over before the call returns.
    /// </summary>
    public static RelayResult Relay(
        ref FrameStream<RequestPolicy> requests, ServerLink link, ReadOnlySpan<byte> input, BufferPool buffers, in RequestLimits limits, long now)
    {
        // What lies between runStart and position goes to the server in one piece.
        var position = 0;
        var runStart = 0;
        while (true)
        {
            var before = position;
            switch (requests.Next(input, ref position, buffers, limits.MaxPacketSize, out var piece, out var isCollected))
            {
                case FrameStep.End:
                    // What was kept of an unfinished header does not go yet.
                    Send(link, input[runStart..before]);
                    link.IsRequestUnfinished = requests.Remaining > 0 && requests.Forwarding;
                    return RelayResult.Open;

                case FrameStep.Body:
                    if (!requests.Forwarding)
                    {
                        runStart = position;
                    }

                    break;

                case FrameStep.Header:
                    var type = piece[0];
                    if (type == FrontendMessage.Terminate)
                    {
                        Send(link, input[runStart..before]);
                        return new RelayResult(RelayStatus.Terminated, "client close request");
                    }

                    if (!TryEnter(link, type, limits, now, out var error))
                    {
                        Send(link, input[runStart..before]);
                        return new RelayResult(RelayStatus.Broken, error);
                    }

                    requests.Forwarding = true;
                    if (isCollected)
                    {
                        // The header began in an earlier batch, so nothing of this one lies before it.
                        Send(link, piece);
                        runStart = position;
                    }

                    break;

                default:
                    Send(link, input[runStart..before]);
                    return new RelayResult(RelayStatus.Broken, PoolerErrors.BadPacketHeader(piece));
            }
        }
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

    private static bool TryEnter(ServerLink link, byte type, in RequestLimits limits, long now, out string? error)
    {
        error = null;
        var ledger = link.Ledger;
        switch (type)
        {
            case FrontendMessage.Query:
                if (limits.SimpleQueryDisallowed)
                {
                    error = PoolerErrors.SimpleQueryDisallowed;
                    return false;
                }

                ledger.Add(ExpectedResponse.Query);
                break;
            case FrontendMessage.Parse:
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
            case FrontendMessage.CopyData:
            case FrontendMessage.Flush:
                return true;
            default:
                error = PoolerErrors.UnknownPacket;
                return false;
        }

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
        return true;
    }

    private static void Send(ServerLink link, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            link.Statistics.ReceivedBytes += bytes.Length;
            link.Connection.Send(bytes);
        }
    }
}
