using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Tests.Admin;

/// <summary>A pooler with two databases, three pools, clients and servers in many states.</summary>
internal static class Samples
{
    public static DateTimeOffset Noon { get; } = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static PoolerSettings Settings { get; } = PoolerSettings.Default with
    {
        Databases = new Dictionary<string, DatabaseSettings>
        {
            ["shop"] = new()
            {
                Name = "shop",
                DbName = "shop_main",
                Host = "10.0.0.1,10.0.0.2",
                Port = 5433,
                PoolSize = 7,
                PoolMode = PoolMode.Transaction,
            },
            ["log"] = new() { Name = "log", DbName = "log", User = "writer", MaxDbConnections = 3 },
        }.ToFrozenDictionary(),
        AutoDatabase = new DatabaseSettings { Name = "*", DbName = "" },
        Users = new Dictionary<string, UserSettings>
        {
            ["ann"] = new() { Name = "ann", PoolSize = 5, PoolMode = PoolMode.Statement },
        }.ToFrozenDictionary(),
        UserList = new UserList([new("bob", "secret"), new("ann", "")]),
    };

    public static StatisticsSnapshot Counters { get; } = new()
    {
        ServerAssignmentCount = 10,
        TransactionCount = 20,
        QueryCount = 40,
        ReceivedBytes = 1000,
        SentBytes = 2000,
        TransactionTime = 200_000,
        QueryTime = 120_000,
        WaitTime = 5_000,
        ClientParseCount = 6,
        ServerParseCount = 4,
        BindCount = 8,
        ClientLoginCount = 2,
    };

    public static PinSnapshot Pin { get; } = new()
    {
        Time = Noon,
        Age = 61_000_005,
        Reasons = "LISTEN jobs",
        ServerAddr = "10.0.0.1",
        ServerPort = 5433,
        ServerPid = 4711,
        ServerPtr = 0x640,
        PoolPinned = 1,
        PoolMaxPinned = 3,
    };

    public static PoolerSnapshot Snapshot { get; } = new()
    {
        Settings = Settings,
        Pools =
        [
            new PoolSnapshot { Database = "log", User = "writer", PoolMode = PoolMode.Session, ServerLogin = 1, Statistics = Counters },
            new PoolSnapshot { Database = "pgbouncer", User = "pgbouncer", PoolMode = PoolMode.Statement, ClientActive = 1 },
            new PoolSnapshot
            {
                Database = "shop",
                User = "ann",
                PoolMode = PoolMode.Statement,
                ClientActive = 2,
                ClientWaiting = 1,
                ServerActive = 1,
                ServerIdle = 1,
                MaxWait = 3_000_004,
                Servers = [Server(5, SocketState.ServerIdle), Server(4, SocketState.ServerActive) with { Link = 0x540 }],
                Statistics = Counters,
            },
        ],
        Clients =
        [
            Client(3, SocketState.ClientWaiting),
            Client(2, SocketState.ClientActive),
            Client(1, SocketState.ClientActive) with { Link = 0x640, Wait = 2_500_001, Pin = Pin },
            Client(6, SocketState.ClientLogin) with { User = null, Database = null },
        ],
        Databases = ImmutableSortedDictionary.Create<string, DatabaseSnapshot>(StringComparer.Ordinal)
            .Add("shop", new DatabaseSnapshot("shop", Paused: true))
            .Add("auto", new DatabaseSnapshot("auto", Disabled: true)),
        Dns = new DnsSnapshot
        {
            Hosts =
            [
                new DnsSnapshot.Host("db.example", 14_900_000, [IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::7")]),
                new DnsSnapshot.Host("gone.example", 0, []),
            ],
            Zones = [new DnsSnapshot.Zone("example", 4_000_000_000, 2)],
            Queries = 1,
        },
        Window = StatisticsWindow.Begin(0),
        Now = 1_000_000,
    };

    public static SocketSnapshot Client(long id, SocketState state) => new()
    {
        State = state,
        User = "ann",
        Database = "shop",
        Addr = "192.0.2.1",
        Port = 5000,
        LocalAddr = "192.0.2.9",
        LocalPort = 6432,
        ConnectTime = Noon,
        RequestTime = Noon.AddSeconds(1),
        Ptr = 0x500 + (id * 16),
        Id = id,
        ApplicationName = "app",
    };

    public static SocketSnapshot Server(long id, SocketState state) =>
        Client(id, state) with { Addr = "10.0.0.1", Port = 5433, RemotePid = 4711, ApplicationName = "" };

    /// <summary>A command host that shows these samples.</summary>
    public static FakeCommandHost Host() => new() { Settings = Settings, Snapshot = Snapshot };

    /// <summary>The result of a query over these samples; null: it is refused.</summary>
    public static ResultTable? Table(string sql)
    {
        if (StatementReader.ReadQuery(sql, out _) is not { } statement)
            return null;

        var host = Samples.Host();
        CommandTable.Run(host, 1, AdminRights.ReadOnly, statement, []);
        return host.LastReply!.Table;
    }

    /// <summary>The rows of such a result: values between bars, rows between semicolons.</summary>
    public static string? Query(string sql) =>
        Table(sql) is { } table ? string.Join("; ", table.Rows.Select(row => string.Join('|', row))) : null;
}
