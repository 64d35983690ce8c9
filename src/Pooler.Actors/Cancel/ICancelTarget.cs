using Akka.Actor;

namespace Pooler.Actors.Cancel;

/// <summary>Somebody whose work a cancel key stops. Looked up and called on the loop's thread.</summary>
internal interface ICancelTarget
{
    /// <summary>The actor that is told <see cref="CancelRequested"/>.</summary>
    public IActorRef Actor { get; }

    /// <summary>Its key has the tail of protocol 3.2.</summary>
    public bool HasLongKey { get; }
}
