using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Clients;

/// <content>Requests of a client that has no server: asking for one, and keeping what comes until it is there.</content>
internal sealed partial class ClientConnection
{
    /// <summary>The most that a client without a server may send ahead, bytes; what is beyond waits in the kernel.</summary>
    private const int HeldAtMost = 1 << 16;

    private FrameStream<RequestPolicy> _requests;
    private ClientStatements? _statements;
    private byte[]? _held;
    private int _heldLength;

    private void ReceiveWithoutServer()
    {
        switch (_connection.Receive(out var input))
        {
            case ReceiveStatus.Data:
                _lastRequest = _context.Loop.Now;
                if (_phase == ClientPhase.Waiting)
                {
                    Hold(input);
                }
                else
                {
                    TakeWithoutServer(input);
                }

                break;
            case ReceiveStatus.WouldBlock:
                break;
            default:
                End(PoolerErrors.ClientUnexpectedEof);
                break;
        }
    }

    private void TakeHeldWithoutServer()
    {
        var held = _held!;
        var length = _heldLength;
        _held = null;
        _heldLength = 0;
        TakeWithoutServer(held.AsSpan(0, length));
        _context.Loop.Buffers.Return(held);
    }

    /// <summary>Looks for a request that needs a server; everything from it on is held until there is one. What a failed COPY left behind is dropped.</summary>
    private void TakeWithoutServer(ReadOnlySpan<byte> input)
    {
        _requests.Policy.Rewrites = RewritesStatements;
        _requests.Policy.Tracks = false;
        var position = 0;
        while (true)
        {
            var before = position;
            switch (_requests.Next(input, ref position, _context.Loop.Buffers, LargestPacket, out var piece, out var isCollected))
            {
                case FrameStep.End:
                    return;
                case FrameStep.Body:
                    break;
                case FrameStep.Header when piece[0] == FrontendMessage.Terminate:
                    End(PoolerErrors.ClientCloseRequest);
                    return;
                case FrameStep.Header when !RequestRelay.NeedsServer(piece[0]):
                    _requests.Forwarding = false;
                    break;
                case FrameStep.Header when _requests.Policy.Rewrites && _requests.Remaining == 0 && StatementRewriter.IsNamedClose(piece):
                    StatementRewriter.CloseLocally(piece, _statements, _connection);
                    if (_connection.Unsent > HeldAtMost)
                    {
                        // Who asks and does not read is not heard.
                        _connection.PauseReading();
                    }

                    break;
                case FrameStep.Header when RequestRelay.FindRefusal(piece[0], Limits) is { } refusal:
                    Refuse(refusal, RequestRelay.DescribeRefusal(piece[0], Limits));
                    return;
                case FrameStep.Header:
                    if (isCollected)
                    {
                        Hold(piece);
                        before = position;
                    }

                    Hold(input[before..]);
                    _requests.Rewind(_context.Loop.Buffers);
                    AskForServer();
                    return;
                default:
                    Close(PoolerErrors.BadPacketHeader(piece));
                    return;
            }
        }
    }

    /// <summary>A session keeps its server and the statements on it; everybody else's are carried from server to server.</summary>
    private bool RewritesStatements => Settings.Global.MaxPreparedStatements > 0 && !IsSession;

    private uint LargestPacket => (uint)Settings.Global.MaxPacketSize;

    private RequestLimits Limits => new(LargestPacket, Settings.Global.DisablePqexec, Settings.Global.MaxPreparedStatements);

    private void AskForServer()
    {
        _phase = ClientPhase.Waiting;
        _acquire.Since = _context.Loop.Now;
        _context.Loop.Deadlines.Add(this);

        // A query and its transaction begin with the request, whether or not a server is free.
        _record!.Statistics.QueryCount++;
        _record.Statistics.TransactionCount++;
        _pool!.Tell(_acquire, _self);
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        _held = _context.Loop.Buffers.Grow(_held, _heldLength, _heldLength + bytes.Length);
        bytes.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += bytes.Length;
        if (_heldLength >= HeldAtMost)
        {
            _connection.PauseReading();
        }
    }

    private void ReleaseHeld()
    {
        if (_held is not null)
        {
            _context.Loop.Buffers.Return(_held);
            _held = null;
            _heldLength = 0;
        }
    }
}
