using Pooler.Actors.Configuration;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Supervision;

/// <summary>How log lines and the console call a connection.</summary>
internal static class SocketNames
{
    /// <summary>The opaque number of a socket object, in the look of a pointer.</summary>
    public static long Pointer(long id) => 0x5500_0000_0000 + (id << 6);

    /// <summary>The beginning of a log line about a client.</summary>
    public static string Client(long id, string? database, string? user, PeerAddress address) => Name('C', id, database, user, address.ToString());

    /// <summary>The beginning of a log line about a server.</summary>
    public static string Server(long id, string database, string user, string address) => Name('S', id, database, user, address);

    /// <summary>A database's name as far as a log line has it: nobody who has not logged in may write lines of any length.</summary>
    public static string Short(string database) => WireText.Truncate(database, DatabaseSettings.MaxNameLength);

    private static string Name(char side, long id, string? database, string? user, string address) =>
        $"{side}-0x{Pointer(id):x}: {(database is null ? "(nodb)" : Short(database))}/{user ?? "(nouser)"}@{address}";
}
