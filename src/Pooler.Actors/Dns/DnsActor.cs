using Akka.Actor;
using Akka.Event;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Stats;
using Pooler.Actors.Supervision;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Dns;

/// <summary>
/// The name cache of the whole pooler, /user/pooler/dns: looks a name up when a server is to be connected to and the last answer no longer counts, once for all who wait
/// for it, and hands its addresses out in turn. With dns_zone_check_period it also asks for the serial numbers of zones. Lives on no loop.
/// </summary>
internal sealed class DnsActor : UntypedActor, IWithTimers
{
    private readonly IDnsResolver _resolver;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly DnsCache _cache = new();
    private readonly Dictionary<DnsHost, Query> _queries = [];
    private readonly HashSet<DnsZone> _checks = [];
    private readonly CancellationTokenSource _stopping = new();
    private GlobalSettings _settings;

    public DnsActor(GlobalSettings settings, IDnsResolver resolver, ILogger log, TimeProvider time)
    {
        _settings = settings;
        _resolver = resolver;
        _log = log;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="settings">The settings at the start; later ones come from the event stream.</param>
    /// <param name="resolver">Whom it asks.</param>
    /// <param name="log">Where failures and changes are logged.</param>
    /// <param name="time">The clock.</param>
    public static Props Props(GlobalSettings settings, IDnsResolver resolver, ILogger log, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new DnsActor(settings, resolver, log, time));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(SettingsChanged));
        StartZoneChecks();
        if (_settings.ResolvConf.Length > 0 && !File.Exists(_settings.ResolvConf))
        {
            // As with an empty one, so a start is no fault; but without this line nobody would know why no name is found.
            _log.Line(LogEventLevel.Warning, $"could not open resolv_conf file {_settings.ResolvConf}, using the name server of this machine");
        }
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _stopping.Cancel();
        _stopping.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ResolveHost ask:
                Resolve(ask.Name);
                break;
            case LookedUp done:
                Finish(done.Host, done.Answer);
                break;
            case ZoneCheck:
                foreach (var zone in _cache.Zones)
                {
                    Check(zone);
                }

                break;
            case SerialFound found:
                OnSerial(found.Zone, found.Serial);
                break;
            case CollectDns question:
                Sender.Tell(new DnsCollected(question.Id, _cache.Snapshot(_time.Microseconds(), DnsLifetimes.Of(_settings), _queries.Count)), Self);
                break;
            case SettingsChanged changed:
                var period = _settings.DnsZoneCheckPeriod;
                _settings = changed.New.Global;
                if (period != _settings.DnsZoneCheckPeriod)
                {
                    StartZoneChecks();
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Resolve(string name)
    {
        var host = _cache.Enter(name, out var newZone);
        if (newZone is not null && _settings.DnsZoneCheckPeriod > TimeSpan.Zero)
        {
            // A change can only be seen against what was there before.
            Check(newZone);
        }

        if (_queries.TryGetValue(host, out var query))
        {
            query.Waiters.Add(Sender);
        }
        else if (host.TimeToLive(_time.Microseconds(), DnsLifetimes.Of(_settings)) > 0)
        {
            Sender.Tell(host.Next(), Self);
        }
        else
        {
            LookUp(host).Waiters.Add(Sender);
        }
    }

    private Query LookUp(DnsHost host)
    {
        var query = new Query();
        _queries.Add(host, query);
        _resolver.LookUpAsync(host.Name, _stopping.Token).PipeTo(
            Self, Self, answer => new LookedUp(host, answer), _ => new LookedUp(host, DnsAnswer.Failed(ResolverResult.System)));
        return query;
    }

    private void Finish(DnsHost host, DnsAnswer answer)
    {
        _queries.Remove(host, out var query);
        if (answer.Result == ResolverResult.Success)
        {
            _log.Line(LogEventLevel.Verbose, $"DNS: {host.Name} is {string.Join(", ", answer.Addresses)}");
        }
        else
        {
            _log.Line(LogEventLevel.Warning, $"DNS lookup failed: {host.Name}: result={answer.Result}");
        }

        if (_cache.Take(host, answer, _time.Microseconds(), out var vanished))
        {
            Context.System.EventStream.Publish(vanished);
        }

        foreach (var waiter in query!.Waiters)
        {
            waiter.Tell(host.Next(), Self);
        }

        if (query.IsOvertaken)
        {
            LookUp(host);
        }
    }

    private void StartZoneChecks()
    {
        Timers.Cancel(ZoneCheck.Instance);
        if (_settings.DnsZoneCheckPeriod is var period && period > TimeSpan.Zero)
        {
            Timers.StartPeriodicTimer(ZoneCheck.Instance, ZoneCheck.Instance, TimeSpan.Zero, TimeLimit.ForTimer(period));
        }
    }

    private void Check(DnsZone zone)
    {
        if (_checks.Add(zone))
        {
            _resolver.FindSerialAsync(zone.Name, _stopping.Token).PipeTo(
                Self, Self, serial => new SerialFound(zone, serial), _ => new SerialFound(zone, null));
        }
    }

    private void OnSerial(DnsZone zone, uint? serial)
    {
        _checks.Remove(zone);
        if (serial is not { } fresh)
        {
            _log.Line(LogEventLevel.Debug, $"zone '{zone.Name}': no serial found");
            return;
        }

        var old = zone.Serial;
        if (!zone.Take(fresh))
        {
            return;
        }

        _log.Line(LogEventLevel.Information, $"zone '{zone.Name}' serial changed: old={old} new={fresh}");
        foreach (var host in zone.Hosts)
        {
            if (_queries.TryGetValue(host, out var query))
            {
                // Its answer may be from before the change.
                query.IsOvertaken = true;
            }
            else
            {
                LookUp(host);
            }
        }
    }

    private sealed class Query
    {
        public List<IActorRef> Waiters { get; } = [];

        public bool IsOvertaken { get; set; }
    }

    private sealed record LookedUp(DnsHost Host, DnsAnswer Answer) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record SerialFound(DnsZone Zone, uint? Serial) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed class ZoneCheck
    {
        public static readonly ZoneCheck Instance = new();
    }
}
