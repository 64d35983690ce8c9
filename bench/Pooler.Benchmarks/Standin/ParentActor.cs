using Akka.Actor;

namespace Pooler.Benchmarks.Standin;

/// <summary>Creates children under the names given and stops them all.</summary>
internal sealed class ParentActor : UntypedActor
{
    public const string Create = "create";
    public const string Stop = "stop";

    private static readonly Props Child = Props.Create<IdleActor>().WithDispatcher("calling-thread");

    private readonly string[] _names;

    public ParentActor(string[] names)
    {
        _names = names;
    }

    protected override void OnReceive(object message)
    {
        if (message is Create)
        {
            foreach (string name in _names)
            {
                Context.ActorOf(Child, name);
            }
        }
        else
        {
            foreach (IActorRef child in Context.GetChildren())
            {
                Context.Stop(child);
            }
        }
    }
}
