using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Supervision;
using Pooler.Actors.Transport;
using Serilog;

namespace Pooler.Host.Hosting;

/// <summary>The host's end of the supervisor tree: makes the root, starts it and knows whom to tell what. Any thread may use it.</summary>
internal sealed class SupervisorTree
{
    private readonly ActorSelection _configuration;
    private readonly ActorSelection _admin;

    public SupervisorTree(ActorSystem system, PoolerSettings settings, SettingsLoader loader, LoopSet loops, ILogger log)
    {
        Root = system.ActorOf(PoolerRoot.Props(settings, loader, loops, log, TimeProvider.System, SystemResolver.Or(settings.Global.ResolvConf)), ActorNames.Root);
        string path = $"/user/{ActorNames.Root}/";
        _configuration = system.ActorSelection(path + ActorNames.Configuration);
        _admin = system.ActorSelection(path + ActorNames.Admin);
    }

    /// <summary>/user/pooler.</summary>
    public IActorRef Root { get; }

    /// <summary>Starts everything below the root. null once it listens, otherwise the text of the fatal line.</summary>
    public async Task<string?> StartAsync(TimeSpan timeout)
    {
        try
        {
            object answer = await Root.Ask<object>(StartPooler.Instance, timeout).ConfigureAwait(false);
            return answer is PoolerStartFailed failed ? failed.FatalText : null;
        }
        catch (AskTimeoutException)
        {
            return "the pooler did not start in time";
        }
    }

    /// <summary>Reads the configuration again; <paramref name="answerTo"/> hears how it went.</summary>
    public void Reload(IActorRef answerTo) => _configuration.Tell(ReloadSettings.Instance, answerTo);

    public void Pause() => _admin.Tell(PauseRequested.Instance, ActorRefs.NoSender);

    public void Resume() => _admin.Tell(ResumeRequested.Instance, ActorRefs.NoSender);

    public void ShutDown(ShutdownMode mode) => Root.Tell(new ShutdownRequested(mode), ActorRefs.NoSender);
}
