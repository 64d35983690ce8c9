using System.Runtime.CompilerServices;
using Akka.Actor;
using Pooler.Actors.Logging;
using Serilog;
using Serilog.Events;

namespace Pooler.Actors.Configuration;

/// <summary>
/// Holds the settings in force and changes them: reads the file again, applies the console's SET, publishes the result. Messages are in
/// ConfigurationProtocol.cs. It reads files while it handles a message, so it belongs on a dispatcher that may block, never on an I/O loop.
/// </summary>
internal sealed class ConfigActor : UntypedActor
{
    private readonly StrongBox<PoolerSettings> _settings;
    private readonly SettingsLoader _loader;
    private readonly IReadOnlyList<IActorRef> _publishTo;
    private readonly ILogger _log;

    public ConfigActor(StrongBox<PoolerSettings> settings, SettingsLoader loader, IReadOnlyList<IActorRef> publishTo, ILogger log)
    {
        _settings = settings;
        _loader = loader;
        _publishTo = publishTo;
        _log = log;
    }

    private PoolerSettings Settings => _settings.Value!;

    /// <param name="settings">The settings in force at the start.</param>
    /// <param name="loader">Reads the file again.</param>
    /// <param name="publishTo">Who is told of every change, besides the subscribers of the event stream.</param>
    /// <param name="log">Where the reasons of a failure and the warnings go.</param>
    public static Props Props(PoolerSettings settings, SettingsLoader loader, IReadOnlyList<IActorRef> publishTo, ILogger log)
    {
        // The box outlives a restart of the actor, so that a fault does not bring old settings back.
        StrongBox<PoolerSettings> box = new(settings);
        return Akka.Actor.Props.Create(() => new ConfigActor(box, loader, publishTo, log));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetSettings:
                Sender.Tell(new CurrentSettings(Settings), Self);
                break;
            case ReloadSettings:
                Reload();
                break;
            case ChangeSetting change:
                Change(change);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Reload()
    {
        LoadResult result = _loader.Load(Settings.ConfigFile, Settings);
        foreach (string line in result.Errors)
            _log.Line(LogEventLevel.Error, line);
        foreach (string line in result.Warnings)
            _log.Line(LogEventLevel.Warning, line);

        if (!result.Succeeded)
        {
            _log.Line(LogEventLevel.Warning, "config file loading failed");
            Sender.Tell(new ReloadFailed(result.Errors), Self);
            return;
        }

        // Published even if nothing differs: a reload also opens files anew that only their users know.
        Publish(result.Settings);
        Sender.Tell(new ReloadSucceeded(result.Settings), Self);
    }

    private void Change(ChangeSetting change)
    {
        if (!SettingTable.TrySet(Settings, change.Key, change.Value, out PoolerSettings? changed, out string? error))
        {
            _log.Line(LogEventLevel.Error, error);
            Sender.Tell(new SettingRejected(error), Self);
            return;
        }

        if (SettingTable.TryGet(change.Key, out Setting? setting) && setting.AsksForWhatIsMissing(changed.Global))
            _log.Line(LogEventLevel.Warning, $"{change.Key} was set, but is not available in this version of Pooler: {setting.Instead}");
        if (!ReferenceEquals(changed, Settings))
            Publish(changed);
        Sender.Tell(new SettingChanged(changed), Self);
    }

    private void Publish(PoolerSettings settings)
    {
        PoolerSettings old = Settings;
        _settings.Value = settings;
        SettingsChanged change = new(old, settings, SettingsDiff.Between(old, settings));
        foreach (IActorRef subscriber in _publishTo)
            subscriber.Tell(change, Self);
        Context.System.EventStream.Publish(change);
    }
}
