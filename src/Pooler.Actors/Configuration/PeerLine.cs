using System.Globalization;
using Parser = Pooler.Actors.Configuration.LineParser<Pooler.Actors.Configuration.PeerSettings>;

namespace Pooler.Actors.Configuration;

/// <summary>Reads one line of section [peers]. Pure.</summary>
internal static class PeerLine
{
    private static readonly Parser Parameters = new("syntax error in connection string", "unrecognized connection parameter", new()
    {
        ["host"] = Parser.Text((p, v) => p with { Host = v }),
        ["port"] = Parser.Port((p, v) => p with { Port = v }),
        ["pool_size"] = Parser.Count((p, v) => p with { PoolSize = v }),
    });

    /// <summary>Reads the line <paramref name="name"/> = <paramref name="text"/>; returns the first error or null.</summary>
    public static string? Parse(string name, string text, out PeerSettings peer)
    {
        bool valid = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id);
        peer = new PeerSettings { Id = id, Host = "" };
        if (!valid || id is < 1 or > 65535)
            return "ids of peers must be a number larger than 0 and at most 65536";

        return Parameters.Parse(text, ref peer) ?? (peer.Host.Length == 0 ? $"host was not provided for peer {id}" : null);
    }
}
