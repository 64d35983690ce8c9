using Pooler.Actors.Configuration;
using Pooler.Actors.Transport;

namespace Pooler.Host.Process;

/// <summary>The number of descriptors that the kernel grants, and the number that the settings may need.</summary>
internal static unsafe class DescriptorLimit
{
    // Listeners, log, epoll and what else a process holds; and the two connections that the console's database counts for.
    private const int Spare = 12;

    // What the runtime keeps open beside that: two for each part of the program that is loaded, and its own pipes.
    private const int Runtime = 128;

    /// <summary>Raises the soft limit to the hard one. Gives the limits that hold then; -1 is unlimited.</summary>
    public static (long Soft, long Hard) Raise()
    {
        LibC.Limit limit = default;
        if (LibC.GetLimit(LibC.OpenFilesLimit, &limit) != 0)
        {
            return (-1, -1);
        }

        if (limit.Soft < limit.Hard)
        {
            LibC.Limit raised = limit;
            raised.Soft = raised.Hard;
            if (LibC.SetLimit(LibC.OpenFilesLimit, &raised) == 0)
            {
                limit = raised;
            }
        }

        return ((long)limit.Soft, (long)limit.Hard);
    }

    /// <summary>
    /// Descriptors in use when every client is there and every pool is full. A database with a forced user has one pool, any other one
    /// for each known user, the console's included.
    /// </summary>
    public static long Expected(PoolerSettings settings)
    {
        long users = CountUsers(settings);
        long expected = settings.Global.MaxClientConn + Spare;
        foreach (DatabaseSettings database in settings.Databases.Values)
        {
            int size = database.PoolSize ?? settings.Global.DefaultPoolSize;
            expected += database.User is null ? size * users : size;
        }

        return expected;
    }

    /// <summary>The log line about both.</summary>
    public static string Text((long Soft, long Hard) limit, PoolerSettings settings) =>
        $"kernel file descriptor limit: {limit.Soft} (hard: {limit.Hard}); max_client_conn: {settings.Global.MaxClientConn}, max expected fd use: {Expected(settings)}";

    /// <summary>The warning that the limit does not do for max_client_conn; null where it does.</summary>
    public static string? Warning((long Soft, long Hard) limit, GlobalSettings settings)
    {
        long clients = Math.Max(0, limit.Soft - Runtime - DescriptorBudget.LeftByClients);
        return limit.Soft < 0 || settings.MaxClientConn <= clients
            ? null
            : $"kernel file descriptor limit is too low for max_client_conn: {limit.Soft} descriptors are enough for about {clients} clients, "
                + $"max_client_conn is {settings.MaxClientConn}";
    }

    /// <summary>What connections may use of that limit.</summary>
    public static DescriptorBudget Budget((long Soft, long Hard) limit) => limit.Soft < 0 ? DescriptorBudget.Unlimited : new DescriptorBudget(limit.Soft);

    private static long CountUsers(PoolerSettings settings)
    {
        long users = settings.UserList.Count;
        foreach (string user in settings.Users.Keys)
        {
            if (!settings.UserList.Contains(user))
            {
                users++;
            }
        }

        const string console = PoolerSettings.ConsoleDatabase;
        return settings.UserList.Contains(console) || settings.Users.ContainsKey(console) ? users : users + 1;
    }
}
