using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin.Show;

/// <summary>The words in which SHOW prints values of more than one table.</summary>
internal static class ShowWords
{
    public static string Of(PoolMode mode) => mode switch
    {
        PoolMode.Session => "session",
        PoolMode.Transaction => "transaction",
        _ => "statement",
    };

    /// <summary>load_balance_hosts, which counts only where there are several hosts.</summary>
    public static string? LoadBalanceHosts(DatabaseSettings? database)
    {
        if (database?.Host is null || !database.Host.Contains(','))
            return null;

        return database.LoadBalanceHosts == Configuration.LoadBalanceHosts.Disable ? "disable" : "round-robin";
    }

    public static string Flag(bool value) => value ? "1" : "0";

    public static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>Microseconds as whole seconds.</summary>
    public static string Seconds(long microseconds) => ResultTable.Number(microseconds / 1_000_000);

    /// <summary>What whole seconds leave of microseconds.</summary>
    public static string Remainder(long microseconds) => ResultTable.Number(microseconds % 1_000_000);
}
