namespace Pooler.Actors.Transport;

/// <summary>The family of a socket address.</summary>
public enum AddressKind
{
    IPv4,
    IPv6,
    Unix,
}
