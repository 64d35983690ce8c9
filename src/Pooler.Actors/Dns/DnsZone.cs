namespace Pooler.Actors.Dns;

/// <summary>The zone of a name, taken to be what follows its first dot. Pure; <see cref="DnsCache"/>'s alone.</summary>
internal sealed class DnsZone(string name)
{
    private bool _hasSerial;

    public string Name { get; } = name;

    public List<DnsHost> Hosts { get; } = [];

    /// <summary>The serial number that was seen last; 0: none yet.</summary>
    public uint Serial { get; private set; }

    /// <summary>The zone of a host; null: its name is of one part.</summary>
    public static string? NameOf(string host) => host.IndexOf('.') is >= 0 and var dot && host[(dot + 1)..].TrimEnd('.') is { Length: > 0 } zone ? zone : null;

    /// <summary>Takes what the zone's SOA record says; true when the zone is newer than it was. Serial numbers go round (RFC 1982).</summary>
    public bool Take(uint serial)
    {
        var isNewer = _hasSerial && unchecked((int)(serial - Serial)) > 0;
        if (isNewer || !_hasSerial)
        {
            Serial = serial;
            _hasSerial = true;
        }

        return isNewer;
    }
}
