using Akka.Actor;

namespace Akka.Standin.Tests.Support;

/// <summary>What a <see cref="ScriptedActor"/> does. Hooks run on the actor's turn.</summary>
internal sealed class Script
{
    public Action<IUntypedActorContext, object> Receive { get; init; } = (_, _) => { };

    public Action<IUntypedActorContext>? PreStart { get; init; }

    public Action<IUntypedActorContext>? PostStop { get; init; }

    public Action<Exception, object>? PreRestart { get; init; }

    public Action<Exception>? PostRestart { get; init; }

    /// <summary>Whether PreRestart leaves the children alone.</summary>
    public bool KeepChildren { get; init; }

    public SupervisorStrategy? Strategy { get; init; }

    public Action? Constructor { get; init; }

    public Props Props
    {
        get
        {
            Script script = this;
            return Akka.Actor.Props.Create(() => new ScriptedActor(script));
        }
    }
}
