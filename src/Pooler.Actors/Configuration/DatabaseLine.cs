using System.Text;
using Parser = Pooler.Actors.Configuration.LineParser<Pooler.Actors.Configuration.DatabaseSettings>;

namespace Pooler.Actors.Configuration;

/// <summary>Reads one line of section [databases]. Pure.</summary>
internal static class DatabaseLine
{
    /// <summary>The name of the template for unknown names.</summary>
    public const string TemplateName = "*";

    private static readonly Parser Parameters = new("syntax error in connection string", "unrecognized connection parameter", new()
    {
        ["dbname"] = Parser.Text((d, v) => d with { DbName = v }),
        ["host"] = Parser.Text((d, v) => d with { Host = v }),
        ["port"] = Parser.Port((d, v) => d with { Port = v }),
        ["user"] = Parser.Text((d, v) => d with { User = v }),
        ["password"] = Parser.Text((d, v) => d with { Password = v }),
        ["auth_user"] = Parser.Text((d, v) => d with { AuthUser = v }),
        ["auth_dbname"] = Parser.Text((d, v) => d with { AuthDbName = v }),
        ["auth_query"] = Parser.Text((d, v) => d with { AuthQuery = v }),
        ["client_encoding"] = Parser.Text((d, v) => d with { ClientEncoding = v }),
        ["datestyle"] = Parser.Text((d, v) => d with { DateStyle = v }),
        ["timezone"] = Parser.Text((d, v) => d with { TimeZone = v }),
        ["application_name"] = Parser.Text((d, v) => d with { ApplicationName = v }),
        ["pool_size"] = Parser.Count((d, v) => d with { PoolSize = v }),
        ["min_pool_size"] = Parser.Count((d, v) => d with { MinPoolSize = v }),
        ["reserve_pool_size"] = Parser.Count((d, v) => d with { ReservePoolSize = v }),
        ["reserve_pool"] = Parser.Count((d, v) => d with { ReservePoolSize = v }),
        ["max_db_connections"] = Parser.Count((d, v) => d with { MaxDbConnections = v }),
        ["max_db_client_connections"] = Parser.Count((d, v) => d with { MaxDbClientConnections = v }),
        ["server_lifetime"] = Parser.Seconds((d, v) => d with { ServerLifetime = v }),
        ["query_wait_timeout"] = Parser.Seconds((d, v) => d with { QueryWaitTimeout = v }),
        ["pool_mode"] = Parser.Choice("pool mode", Choices.PoolMode, (d, v) => d with { PoolMode = v }),
        ["session_state_tracking"] = Parser.Choice("session_state_tracking", Choices.StateTracking, (d, v) => d with { SessionStateTracking = v }),
        ["connect_query"] = Parser.Text((d, v) => d with { ConnectQuery = v }),
        ["load_balance_hosts"] = Parser.Choice("load_balance_hosts", Choices.LoadBalanceHosts, (d, v) => d with { LoadBalanceHosts = v }),
    });

    /// <summary>Reads the line <paramref name="name"/> = <paramref name="text"/>; returns the first error or null.</summary>
    public static string? Parse(string name, string text, out DatabaseSettings database)
    {
        database = new DatabaseSettings { Name = name, DbName = name == TemplateName ? "" : name };
        if (name == PoolerSettings.ConsoleDatabase)
            return $"database name \"{name}\" is reserved";
        if (Encoding.UTF8.GetByteCount(name) > DatabaseSettings.MaxNameLength)
            return "too long db name: " + name;

        return Parameters.Parse(text, ref database);
    }
}
