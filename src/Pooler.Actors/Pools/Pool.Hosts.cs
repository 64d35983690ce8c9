using Pooler.Actors.Dns;

namespace Pooler.Actors.Pools;

/// <content>Servers whose host is a name: those at an address that the name has lost are replaced.</content>
internal sealed partial class Pool
{
    private readonly Dictionary<string, HostAddressesVanished> _vanished = new(StringComparer.OrdinalIgnoreCase);

    private void OnVanished(HostAddressesVanished vanished)
    {
        if (!Database.Hosts.Any(host => host.Trim().Equals(vanished.Name, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        // Kept for a server that still logs in: which address it took is known only then.
        _vanished[vanished.Name] = vanished;
        foreach (var server in _servers.All)
        {
            Retire(server, vanished);
        }
    }

    private void NoteHost(PooledServer server, HostResolved? host)
    {
        server.Host = host;
        if (host is not null && _vanished.TryGetValue(host.Name, out var vanished))
        {
            Retire(server, vanished);
        }
    }

    private static void Retire(PooledServer server, HostAddressesVanished vanished) =>
        server.CloseNeeded |= server.Host is { } host && vanished.Retires(host);
}
