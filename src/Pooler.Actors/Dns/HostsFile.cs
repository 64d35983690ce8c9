using System.Net;

namespace Pooler.Actors.Dns;

/// <summary>The addresses that the text of /etc/hosts gives a name. Pure.</summary>
internal static class HostsFile
{
    /// <summary>Every address of the name, in the order of the file.</summary>
    public static IEnumerable<IPAddress> Find(string text, string name)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase) && IPAddress.TryParse(words[0], out var address))
            {
                yield return address;
            }
        }
    }
}
