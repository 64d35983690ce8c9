using System.Globalization;
using System.Net;
using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Logging;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Serilog.Events;

namespace Pooler.Actors.Clients;

/// <summary>
/// Opens the listening sockets, /user/pooler/listeners, and gives what they accept to the reception of the same loop. Lives on the first loop.
/// </summary>
internal sealed class ListenersActor : UntypedActor, IAcceptor
{
    private readonly LoopContext _context;
    private readonly IActorRef _self;
    private readonly List<(Listener Listener, bool IsTcp)> _listeners = [];
    private readonly MemoryTrim _trim;
    private ActorSelection? _reception;

    public ListenersActor(LoopContext context)
    {
        _context = context;
        _self = Self;
        _trim = new MemoryTrim(context.Loop);
    }

    public static Props Props(LoopContext context) =>
        Akka.Actor.Props.Create<ListenersActor>(context).WithDispatcher(ActorNames.LoopDispatcher(context.Loop.Index));

    public void Accepted(Connection connection) => _reception!.Tell(new SocketAccepted(connection), _self);

    public void AcceptPaused(string error, TimeSpan pause) =>
        _context.Log.Line(
            LogEventLevel.Error, string.Create(CultureInfo.InvariantCulture, $"accept() failed: {error}, suspending accept for {pause.TotalSeconds:0} seconds"));

    protected override void PreStart()
    {
        _reception = Context.ActorSelection($"../{ActorNames.Loop(_context.Loop.Index)}/{ActorNames.Reception}");
        _context.Loop.Deadlines.Add(_trim);
    }

    protected override void PostStop()
    {
        _context.Loop.Deadlines.Remove(_trim);
        foreach (var (listener, _) in _listeners)
        {
            listener.Close();
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenListeners:
                var failure = Open();
                Sender.Tell(failure is null ? ListenersOpened.Instance : new ListenersFailed(failure), _self);
                break;
            case SettingsChanged changed:
                foreach (var (listener, isTcp) in _listeners)
                {
                    if (isTcp)
                    {
                        listener.SetDeferAccept(changed.New.Global.TcpDeferAccept != 0);
                    }
                }

                break;
            case PauseListeners pause:
                foreach (var (listener, _) in _listeners)
                {
                    listener.Pause();
                }

                Sender.Tell(new ListenersPaused(pause.Id), _self);
                break;
            case ResumeListeners:
                foreach (var (listener, _) in _listeners)
                {
                    listener.Resume();
                }

                break;
            case CloseTcpListeners:
                foreach (var (listener, isTcp) in _listeners)
                {
                    if (isTcp)
                    {
                        listener.Close();
                    }
                }

                _listeners.RemoveAll(entry => entry.IsTcp);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>The text of the fatal line, or null.</summary>
    private string? Open()
    {
        var global = _context.Settings.Global;
        if (global.ListenAddr.Trim().Length > 0 && OpenTcp() is { } failure)
        {
            return failure;
        }

        if (global.UnixSocketDir.Length > 0 && !TryOpenUnix())
        {
            return "failed to create unix socket";
        }

        return _listeners.Count == 0 ? "nowhere to listen on" : null;
    }

    private string? OpenTcp()
    {
        var global = _context.Settings.Global;
        foreach (var item in global.ListenAddr.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            IReadOnlyList<IPAddress> addresses;
            if (item == "*")
            {
                addresses = [IPAddress.Any, IPAddress.IPv6Any];
            }
            else if (IPAddress.TryParse(item, out var address))
            {
                addresses = [address];
            }
            else
            {
                try
                {
                    addresses = System.Net.Dns.GetHostAddresses(item);
                }
                catch (System.Net.Sockets.SocketException exception)
                {
                    return $"getaddrinfo('{item}', '{global.ListenPort}') = {exception.Message} [{ResolverResult.Of(exception.SocketErrorCode)}]";
                }
            }

            foreach (var address in addresses)
            {
                OpenTcp(address);
            }
        }

        return _listeners.Count == 0 ? $"failed to listen on any address in listen_addr list: {global.ListenAddr}" : null;
    }

    private void OpenTcp(IPAddress address)
    {
        var global = _context.Settings.Global;
        var target = new ListenTarget.Tcp(address, global.ListenPort, global.TcpDeferAccept != 0, global.SoReuseport)
        {
            Backlog = global.ListenBacklog,
            Options = _context.SocketOptions,
        };
        var name = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]:{global.ListenPort}" : $"{address}:{global.ListenPort}";
        if (_context.Loop.TryListen(target, this, out var listener, out var error))
        {
            _listeners.Add((listener!, true));
            _context.Log.Line(LogEventLevel.Information, $"listening on {name}");
        }
        else
        {
            _context.Log.Line(LogEventLevel.Warning, $"cannot listen on {name}: {error}");
        }
    }

    private bool TryOpenUnix()
    {
        var global = _context.Settings.Global;
        var path = $"{global.UnixSocketDir.TrimEnd('/')}/.s.PGSQL.{global.ListenPort}";
        if (!UnixGroups.TryGetId(global.UnixSocketGroup, out var group))
        {
            _context.Log.Line(LogEventLevel.Warning, $"cannot listen on unix:{path}: could not find group \"{global.UnixSocketGroup}\"");
            return false;
        }

        var target = new ListenTarget.Unix(path, global.ListenPort, global.UnixSocketMode, group) { Backlog = global.ListenBacklog };
        if (!_context.Loop.TryListen(target, this, out var listener, out var error))
        {
            _context.Log.Line(LogEventLevel.Warning, $"cannot listen on unix:{path}: {error}");
            return false;
        }

        _listeners.Add((listener!, false));
        _context.Log.Line(LogEventLevel.Information, $"listening on unix:{path}");
        return true;
    }
}
