using Akka.Actor;

namespace Akka.Standin.Tests.Support;

/// <summary>An actor made of the hooks of a script.</summary>
internal sealed class ScriptedActor : UntypedActor
{
    private readonly Script _script;

    public ScriptedActor(Script script)
    {
        _script = script;
        script.Constructor?.Invoke();
    }

    protected override void OnReceive(object message)
    {
        if (message is Leave)
        {
            Unhandled(message);
        }
        else
        {
            _script.Receive(Context, message);
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => _script.Strategy ?? base.SupervisorStrategy();

    protected override void PreStart() => _script.PreStart?.Invoke(Context);

    protected override void PostStop() => _script.PostStop?.Invoke(Context);

    protected override void PreRestart(Exception reason, object message)
    {
        _script.PreRestart?.Invoke(reason, message);
        if (!_script.KeepChildren)
        {
            base.PreRestart(reason, message);
        }
    }

    protected override void PostRestart(Exception reason)
    {
        _script.PostRestart?.Invoke(reason);
        base.PostRestart(reason);
    }
}
