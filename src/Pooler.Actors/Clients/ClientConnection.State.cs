using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Pools;
using Pooler.Actors.Relay;
using Pooler.Actors.Relay.State;
using Pooler.Actors.Supervision;
using Pooler.Actors.Wire;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <content>Session state: following it while the client has a server, keeping the server for its sake, carrying settings to the next one.</content>
internal sealed partial class ClientConnection
{
    private SessionState? _session;

    /// <summary>A server has come: from now on the client is followed on it, if the settings say so.</summary>
    private void BeginTracking(ServerLink link)
    {
        var mode = link.IsSessionMode ? StateTracking.Off : _record!.Tracking(Settings);
        if (mode != StateTracking.Off)
        {
            link.BeginTracking(mode, _session);
        }
        else
        {
            _session = null;
        }
    }

    /// <summary>Writes what makes the server what the client needs, and says how many Queries that is.</summary>
    private int WriteDifferences(MessageWriter writer, ServerLink link)
    {
        var queries = _parameters.WriteDifferences(writer, link.Parameters);
        if (SessionSettings.Matches(_session?.Settings, link.Settings))
        {
            return queries;
        }

        // The client wrote these statements in the encoding that is in force behind the others.
        writer.BeginMessage(FrontendMessage.Query);
        SessionSettings.AppendDifferences(writer, _session?.Settings, link.Settings);
        writer.AppendByte(0);
        writer.EndMessage();
        return queries + 1;
    }

    /// <summary>What <see cref="WriteDifferences"/> writes, for the log; of settings that are not tracked only the names.</summary>
    private string DescribeDifferences(ServerLink link) =>
        _parameters.DescribeDifferences(link.Parameters)
        + (SessionSettings.Matches(_session?.Settings, link.Settings) ? "" : _session?.Settings.Describe(unreplayable: false) ?? "RESET");

    /// <summary>The server has carried out what <see cref="WriteDifferences"/> has written.</summary>
    private void OnDifferencesApplied(ServerLink link)
    {
        if (_session is not null || link.Settings is not null)
        {
            link.TakeSettings(_session?.Settings);
        }
    }

    /// <summary>True if the client has to keep its server between two transactions.</summary>
    private bool KeepsServer(ServerLink link)
    {
        if (link.Tracker is not { } tracker)
        {
            return false;
        }

        if (tracker.IsPinned && tracker.Session is { PinnedSince: 0 } session)
        {
            session.PinnedSince = Math.Max(1, _context.Loop.Now);
            _record!.AddPin();
            if (_context.Log.IsEnabled(LogEventLevel.Debug))
            {
                _context.Log.Line(LogEventLevel.Debug, Name, $"keeps its server: {session.Describe(tracker.Mode)}");
            }
        }

        return tracker.IsPinned;
    }

    /// <summary>The server goes back; why it must not be used again, null: it may.</summary>
    private string? EndTracking(Lease lease)
    {
        var tracker = lease.Link.Tracker;
        lease.NeedsReset = tracker is { WasPinned: true };
        if (tracker is null)
        {
            return null;
        }

        _session = tracker.Session;
        lease.Link.EndTracking();
        if (_session is not { } session)
        {
            return null;
        }

        if (session.PinnedSince > 0)
        {
            session.PinnedSince = 0;
            _record!.Pinned--;
            if (_context.Log.IsEnabled(LogEventLevel.Debug))
            {
                _context.Log.Line(LogEventLevel.Debug, Name, "keeps its server no longer");
            }
        }

        return session.HasLibrary ? PoolerErrors.ServerHasLibrary : null;
    }

    /// <summary>What the client has been told of state that will be lost is the operator's to know too.</summary>
    private void LogNotices(ServerLink link)
    {
        if (link.Tracker?.TakeTold() is not { } told)
        {
            return;
        }

        foreach (var reason in told)
        {
            _context.Log.Line(LogEventLevel.Warning, Name, PoolerErrors.SessionStateNotice(reason));
        }
    }

    private PinSnapshot? SnapshotPin()
    {
        if (_lease is not { Link: { Tracker: { Session: { PinnedSince: > 0 } session } tracker } link } lease)
        {
            return null;
        }

        var remote = link.Connection.Remote;
        var age = _context.Loop.Now - session.PinnedSince;
        return new PinSnapshot
        {
            Time = _context.Loop.WallClock - TimeSpan.FromMicroseconds(age),
            Age = age,
            Reasons = session.Describe(tracker.Mode),
            ServerAddr = remote.Host,
            ServerPort = remote.Port,
            ServerPid = remote.Pid > 0 ? remote.Pid : link.Key.ProcessId,
            ServerPtr = SocketNames.Pointer(lease.Server.Id),
            PoolPinned = _record!.Pinned,
            PoolMaxPinned = _record.MaxPinned,
        };
    }
}
