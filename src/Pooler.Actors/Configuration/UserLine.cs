using Parser = Pooler.Actors.Configuration.LineParser<Pooler.Actors.Configuration.UserSettings>;

namespace Pooler.Actors.Configuration;

/// <summary>Reads one line of section [users]. Pure.</summary>
internal static class UserLine
{
    private static readonly Parser Parameters = new("syntax error in user settings", "unrecognized user parameter", new()
    {
        ["pool_mode"] = Parser.Choice("pool mode", Choices.PoolMode, (u, v) => u with { PoolMode = v }),
        ["session_state_tracking"] = Parser.Choice("session_state_tracking", Choices.StateTracking, (u, v) => u with { SessionStateTracking = v }),
        ["pool_size"] = Parser.Count((u, v) => u with { PoolSize = v }),
        ["reserve_pool_size"] = Parser.Count((u, v) => u with { ReservePoolSize = v }),
        ["max_user_connections"] = Parser.Count((u, v) => u with { MaxUserConnections = v }),
        ["max_user_client_connections"] = Parser.Count((u, v) => u with { MaxUserClientConnections = v }),
        ["query_timeout"] = Parser.Seconds((u, v) => u with { QueryTimeout = v }),
        ["idle_transaction_timeout"] = Parser.Seconds((u, v) => u with { IdleTransactionTimeout = v }),
        ["transaction_timeout"] = Parser.Seconds((u, v) => u with { TransactionTimeout = v }),
        ["client_idle_timeout"] = Parser.Seconds((u, v) => u with { ClientIdleTimeout = v }),
        ["query_wait_timeout"] = Parser.Seconds((u, v) => u with { QueryWaitTimeout = v }),
    });

    /// <summary>Reads the line <paramref name="name"/> = <paramref name="text"/>; returns the first error or null.</summary>
    public static string? Parse(string name, string text, out UserSettings user)
    {
        user = new UserSettings { Name = name };
        return Parameters.Parse(text, ref user);
    }
}
