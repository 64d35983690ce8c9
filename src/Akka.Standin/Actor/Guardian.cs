namespace Akka.Actor;

/// <summary>The actor at /user and at /system.</summary>
internal sealed class Guardian : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);
}
