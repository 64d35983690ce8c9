using Pooler.Actors.Logging;
using Pooler.Actors.Pools;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <content>From the startup packet to the first ReadyForQuery.</content>
internal sealed partial class ClientConnection
{
    private bool _isHandedOver;

    private void BeginLogin()
    {
        var writer = _context.Writer;
        writer.Reset();
        var result = _login!.Begin(writer);
        if (writer.Length > 0)
        {
            _connection.Send(writer.Written);
        }

        if (result.Status == ClientLoginStatus.Passed)
        {
            HoldUntilWelcome(_login.Rest);
        }

        if (Continue(result) && _login.Rest.Length > 0)
        {
            TakeLogin(_login.Rest);
        }
    }

    private void ReceiveLogin()
    {
        switch (_connection.Receive(out var input))
        {
            case ReceiveStatus.Data:
                _lastRequest = _context.Loop.Now;
                TakeLogin(input);
                break;
            case ReceiveStatus.WouldBlock:
                break;
            default:
                // Programs that ask for a password come twice, and monitors come just to see who answers: neither is worth a line.
                End(null);
                break;
        }
    }

    private void TakeLogin(ReadOnlySpan<byte> input)
    {
        var writer = _context.Writer;
        writer.Reset();
        var result = _login!.Receive(input, _context.Loop.Buffers, writer);
        if (writer.Length > 0)
        {
            _connection.Send(writer.Written);
        }

        if (result.Status == ClientLoginStatus.Passed)
        {
            HoldUntilWelcome(input[_login.Consumed..]);
        }

        Continue(result);
    }

    /// <summary>A client need not await the end of its login: what it sends behind its last word counts as its first requests.</summary>
    private void HoldUntilWelcome(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 0)
        {
            Hold(rest);
        }
    }

    /// <summary>True while the client's answer is awaited.</summary>
    private bool Continue(ClientLoginResult result)
    {
        switch (result.Status)
        {
            case ClientLoginStatus.Pending:
                return true;
            case ClientLoginStatus.Passed:
                Enter();
                return false;
            case ClientLoginStatus.Refused:
                Close(result.Text!);
                return false;
            default:
                End(result.Text!);
                return false;
        }
    }

    private void Enter()
    {
        _acquire.Since = _lastRequest;
        if (_login!.IsConsole)
        {
            HandOverToConsole();
        }
        else if (_context.IsShuttingDown)
        {
            Close(PoolerErrors.PoolerShuttingDown);
        }
        else if (_login.Database is null)
        {
            if (Settings.Global.LogConnections)
            {
                _context.Log.Line(LogEventLevel.Information, Name, $"login failed: db={SocketNames.Short(_databaseName)} user={_user}");
            }

            Close(PoolerErrors.NoSuchDatabase(_databaseName));
        }
        else
        {
            FindPool();
        }
    }

    private void FindPool()
    {
        if (_context.Pools.TryGetValue(_login!.PoolKey, out var pool))
        {
            OnPoolFound(new PoolFound(pool));
        }
        else
        {
            _phase = ClientPhase.FindingPool;
            _tree.Pools.Tell(new FindPool(_login.PoolKey), _self);
        }
    }

    private void OnPoolRetired()
    {
        if (_phase == ClientPhase.AwaitingWelcome)
        {
            _pool = null;
            _phase = ClientPhase.FindingPool;
            FindPool();
        }
    }

    private void HandOverToConsole()
    {
        _isHandedOver = true;
        _phase = ClientPhase.Closed;
        var received = _held?.AsSpan(0, _heldLength).ToArray();
        _connection.ResumeReading();
        var console = new AdoptConsole(SocketId, _connection, _login!.Rights, _user, _parameters, _connectTime, received, _place, HasLongKey);
        Context.Parent.Tell(console, _self);
        Context.Stop(_self);
    }

    private void OnPoolFound(PoolFound found)
    {
        if (_phase is not (ClientPhase.Login or ClientPhase.FindingPool))
        {
            return;
        }

        if (found.Pool is null)
        {
            Close(found.Refusal ?? PoolerErrors.NoSuchDatabase(_databaseName));
            return;
        }

        if (!_context.Pools.TryGetValue(_login!.PoolKey, out var current) || !current.Equals(found.Pool))
        {
            // It was dropped while the answer was on its way: there is another one, or none.
            _phase = ClientPhase.FindingPool;
            _tree.Pools.Tell(new FindPool(_login.PoolKey), _self);
            return;
        }

        if (found.Record is { IsEnded: true })
        {
            // It has ended while the answer was on its way. The registry has heard of it before this question.
            FindPool();
            return;
        }

        _pool = found.Pool;
        _phase = ClientPhase.AwaitingWelcome;
        _pool.Tell(new JoinPool(_acquire, _login.Keys, Replication: _login.Replication), _self);
    }

    private void ReceiveBeforeWelcome()
    {
        // A client has nothing to say here, so reading stops until it is welcome; but one that leaves is noticed.
        switch (_connection.Receive(out var input))
        {
            case ReceiveStatus.Data:
                Hold(input);
                _connection.PauseReading();
                break;
            case ReceiveStatus.WouldBlock:
                break;
            default:
                End(PoolerErrors.ClientUnexpectedEof);
                break;
        }
    }

    private void OnWelcome(Welcome welcome)
    {
        if (_phase != ClientPhase.AwaitingWelcome)
        {
            return;
        }

        _login!.Release(_context.Loop.Buffers);
        _login = null;
        _record = welcome.Pool;
        _phase = ClientPhase.Idle;
        _lastRequest = _context.Loop.Now;
        if (welcome.Lease is not null)
        {
            // This server has been asked for the client's values already, and says what they have become.
            _parameters.CopyCanonical(welcome.Tracked);
        }

        _parameters.FillUnset(welcome.Tracked);
        _parameters.Share();
        do
        {
            _key = CancelKey.Create();
        }
        while (!_context.CancelTargets.TryAdd(_key, this));

        var writer = _context.Writer;
        writer.Reset();
        writer.WriteAuthenticationOk();
        foreach (var (name, value) in welcome.Parameters)
        {
            if (_context.Tracked.IndexOf(name) < 0)
            {
                writer.WriteParameterStatus(name, value);
            }
        }

        _parameters.WriteParameterStatuses(writer);
        if (HasLongKey)
        {
            Span<byte> tail = stackalloc byte[CancelKeyTail.Size];
            CancelKeyTail.Make(_key, tail);
            writer.WriteBackendKeyData(_key, tail);
        }
        else
        {
            writer.WriteBackendKeyData(_key);
        }

        if (Settings.Global.LoginNotifyMessage is { Length: > 0 } notice)
        {
            writer.WriteNoticeResponse(notice);
        }

        writer.WriteReadyForQuery(TransactionStatus.Idle);
        _connection.Send(writer.Written);
        if (_context.Log.IsEnabled(LogEventLevel.Debug))
        {
            _context.Log.Line(LogEventLevel.Debug, Name, "logged in");
        }

        if (welcome.Lease is { } lease)
        {
            TakeLease(lease);
            RelayHeld();
            return;
        }

        _connection.ResumeReading();
        if (_heldLength > 0)
        {
            TakeHeldWithoutServer();
        }
    }

    private void OnStillQueued()
    {
        if (_phase == ClientPhase.Waiting)
        {
            var writer = _context.Writer;
            writer.Reset();
            writer.WriteNoticeResponse(PoolerErrors.ClientQueuedNotice);
            _connection.Send(writer.Written);
        }
    }

    private void OnPoolRestarted()
    {
        switch (_phase)
        {
            case ClientPhase.AwaitingWelcome:
                _pool!.Tell(new JoinPool(_acquire, null, Replication: _login!.Replication), _self);
                break;
            case ClientPhase.Idle:
                _pool!.Tell(new JoinPool(_acquire, null, IsWelcome: true), _self);
                break;
            case ClientPhase.Waiting:
                _pool!.Tell(new JoinPool(_acquire, null, IsWelcome: true), _self);
                _pool.Tell(_acquire, _self);
                break;
            default:
                break;
        }
    }
}
