namespace Akka.Actor;

/// <summary>The top of a tree.</summary>
public sealed class RootActorPath : ActorPath
{
    public RootActorPath(Address address, string name = "")
        : base(address, name)
    {
        RootAddress = address;
    }

    private protected override Address? RootAddress { get; }
}
