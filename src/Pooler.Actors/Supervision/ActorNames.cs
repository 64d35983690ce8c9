namespace Pooler.Actors.Supervision;

/// <summary>Names of the actors below /user, in one place. Numbers in names are never used twice in the life of a process.</summary>
public static class ActorNames
{
    public const string Root = "pooler";
    public const string Configuration = "config";
    public const string Pools = "pools";
    public const string Reception = "reception";
    public const string Statistics = "stats";
    public const string Admin = "admin";
    public const string Dns = "dns";

    /// <summary>The actor of one I/O loop.</summary>
    public static string Loop(int index) => $"loop-{index}";

    /// <summary>One client connection.</summary>
    public static string Client(long id) => $"client-{id}";

    /// <summary>One server connection.</summary>
    public static string Server(long id) => $"server-{id}";

    /// <summary>One connection that carries a cancel request.</summary>
    public static string Cancel(long id) => $"cancel-{id}";

    /// <summary>One console session.</summary>
    public static string Console(long id) => $"console-{id}";

    /// <summary>The actor that opens the listening sockets.</summary>
    public const string Listeners = "listeners";

    /// <summary>
    /// The pool of a database and a server user. Both may hold any character, so what a path cannot hold is escaped; the number keeps names apart that
    /// a pool before and its successor would share.
    /// </summary>
    public static string Pool(string database, string user, long id) => $"{Uri.EscapeDataString(database)}.{Uri.EscapeDataString(user)}-{id}";

    /// <summary>The dispatcher whose executor is the loop of this number.</summary>
    public static string LoopDispatcher(int index) => $"pooler.io-loop-{index}";
}
