using System.Collections.Immutable;
using System.Net;

namespace Pooler.Actors.Dns;

/// <summary>One name of the cache, kept for ever. Pure; <see cref="DnsCache"/>'s alone.</summary>
internal sealed class DnsHost(string name)
{
    private uint _turn;
    private int _result;
    private bool _isAnswered;
    private long _answeredAt;

    // What a failed look-up leaves behind, to be compared with the next answer.
    private ImmutableArray<IPAddress> _lastAddresses = [];

    public string Name { get; } = name;

    /// <summary>The addresses of the last answer; none when it was a failure.</summary>
    public ImmutableArray<IPAddress> Addresses { get; private set; } = [];

    /// <summary>Counts the changes of the addresses.</summary>
    public long Version { get; private set; }

    /// <summary>How long the last answer still counts, microseconds; 0: it no longer does, or there is none.</summary>
    public long TimeToLive(long now, in DnsLifetimes lifetimes)
    {
        var lifetime = _result == ResolverResult.Success ? lifetimes.Success : lifetimes.Failure;
        return _isAnswered ? Math.Max(0, _answeredAt + lifetime - now) : 0;
    }

    /// <summary>Takes an answer; true when addresses are gone that earlier answers had.</summary>
    public bool Take(DnsAnswer answer, long now)
    {
        _isAnswered = true;
        _answeredAt = now;
        _result = answer.Result;
        Addresses = [.. answer.Addresses];

        // A failure says nothing about where the name leads: no connection has to go for it.
        if (answer.Addresses.Count == 0)
        {
            return false;
        }

        var before = _lastAddresses;
        _lastAddresses = Addresses;
        if (before.Length == Addresses.Length && before.All(answer.Addresses.Contains))
        {
            return false;
        }

        Version++;
        return !before.All(answer.Addresses.Contains);
    }

    /// <summary>The next address in turn, or the failure.</summary>
    public HostResolved Next() => new(Name, Addresses.IsEmpty ? null : Addresses[(int)(_turn++ % (uint)Addresses.Length)], _result, Version);
}
