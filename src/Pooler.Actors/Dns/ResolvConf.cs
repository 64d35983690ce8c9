using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Pooler.Actors.Dns;

/// <summary>What a resolv.conf says, as the C library reads it: nameserver, domain, search and some options. Pure and immutable.</summary>
internal sealed record ResolvConf
{
    private const int DefaultPort = 53;
    private const int MostDots = 15;
    private const int LongestTimeout = 30;
    private const int MostAttempts = 5;

    /// <summary>Without any line: the name server of this machine.</summary>
    public static ResolvConf Default { get; } = new();

    /// <summary>Whom to ask, in this order.</summary>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [new(IPAddress.Loopback, DefaultPort)];

    /// <summary>Domains in which a short name is looked for.</summary>
    public ImmutableArray<string> Search { get; init; } = [];

    /// <summary>A name with fewer dots is looked for in the domains first.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often every name server is asked.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Questions go over TCP at once.</summary>
    public bool UsesTcp { get; init; }

    /// <summary>Reads the text of a file. What it does not understand is left out.</summary>
    public static ResolvConf Parse(string text)
    {
        var result = Default;
        var servers = ImmutableArray.CreateBuilder<IPEndPoint>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length < 2 || words[0][0] is '#' or ';')
            {
                continue;
            }

            switch (words[0])
            {
                case "nameserver" when ParseServer(words[1]) is { } server:
                    servers.Add(server);
                    break;
                case "domain":
                    result = result with { Search = [words[1]] };
                    break;
                case "search":
                    result = result with { Search = [.. words.Skip(1)] };
                    break;
                case "options":
                    result = words.Skip(1).Aggregate(result, WithOption);
                    break;
                default:
                    break;
            }
        }

        return servers.Count == 0 ? result : result with { NameServers = servers.ToImmutable() };
    }

    /// <summary>The names to ask for, in order, when somebody looks for this one.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
        {
            return [name[..^1]];
        }

        var searched = Search.Where(domain => domain != ".").Select(domain => $"{name}.{domain.TrimEnd('.')}");
        return name.Count(c => c == '.') >= Dots ? [name, .. searched] : [.. searched, name];
    }

    /// <summary>An address, or an address with a port as "1.2.3.4:5353" or "[1::2]:5353", which is how c-ares and OpenBSD have it.</summary>
    private static IPEndPoint? ParseServer(string text)
    {
        if (IPAddress.TryParse(text, out var address) && !text.StartsWith('['))
        {
            return new IPEndPoint(address, DefaultPort);
        }

        return IPEndPoint.TryParse(text, out var endPoint) ? new IPEndPoint(endPoint.Address, endPoint.Port == 0 ? DefaultPort : endPoint.Port) : null;
    }

    private static ResolvConf WithOption(ResolvConf conf, string option)
    {
        var parts = option.Split(':', 2);
        if (parts is ["use-vc"])
        {
            return conf with { UsesTcp = true };
        }

        if (parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return conf;
        }

        return parts[0] switch
        {
            "ndots" => conf with { Dots = Math.Min(number, MostDots) },
            "timeout" => conf with { Timeout = TimeSpan.FromSeconds(Math.Clamp(number, 1, LongestTimeout)) },
            "attempts" => conf with { Attempts = Math.Clamp(number, 1, MostAttempts) },
            _ => conf,
        };
    }
}
