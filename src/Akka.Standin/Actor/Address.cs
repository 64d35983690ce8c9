using System.Globalization;

namespace Akka.Actor;

/// <summary>Where an actor system is: protocol, name and, for a remote one, host and port.</summary>
public sealed class Address : IEquatable<Address>
{
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host!;
        Port = port;
    }

    public string Protocol { get; }

    public string System { get; }

    public string Host { get; }

    public int? Port { get; }

    public bool HasLocalScope => Host is null or "";

    public bool HasGlobalScope => !HasLocalScope;

    public static Address Parse(string address) =>
        TryParse(address, out Address? parsed) ? parsed! : throw new UriFormatException($"Can not parse an Address: {address}");

    public static bool TryParse(string path, out Address address) => TryParse(path, out address, out _);

    /// <summary>Reads protocol://system[@host:port] and leaves the rest, from its first slash on.</summary>
    public static bool TryParse(string path, out Address address, out string absolutUri)
    {
        address = null!;
        absolutUri = "";
        int scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
        {
            return false;
        }

        string rest = path[(scheme + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        absolutUri = slash < 0 ? "/" : rest[slash..];
        int at = authority.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            address = new Address(path[..scheme], authority);
            return authority.Length > 0;
        }

        int colon = authority.LastIndexOf(':');
        if (colon <= at || !int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            return false;
        }

        address = new Address(path[..scheme], authority[..at], authority[(at + 1)..colon], port);
        return at > 0;
    }

    public bool Equals(Address? other) => other is not null && Port == other.Port && Protocol == other.Protocol && System == other.System && Host == other.Host;

    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    public override string ToString() => HasLocalScope ? $"{Protocol}://{System}" : $"{Protocol}://{System}@{Host}:{Port}";
}
