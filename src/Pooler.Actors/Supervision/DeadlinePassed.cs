using Akka.Actor;
using Akka.Event;

namespace Pooler.Actors.Supervision;

/// <summary>Tells an actor that the sweep found one of its deadlines passed; which one, it looks up itself.</summary>
internal sealed class DeadlinePassed : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly DeadlinePassed Instance = new();
}
