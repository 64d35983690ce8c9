using System.Collections.Immutable;
using Pooler.Actors.Admin.Show;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>SHOW name, and SELECT name, which means the same.</summary>
internal sealed class ShowCommand(string name) : ConsoleCommand
{
    private const string Help = "HELP";

    private static readonly Dictionary<string, ShowEntry> Entries = MakeEntries();

    public override string Name => name;

    public override AdminRights Needed => AdminRights.ReadOnly;

    public override IReadOnlyList<string> Usage => Name != "SHOW" ? [] :
    [
        "SHOW HELP|CONFIG|DATABASES|POOLS|CLIENTS|SERVERS|USERS|VERSION",
        "SHOW PEERS|PEER_POOLS",
        "SHOW SOCKETS|ACTIVE_SOCKETS|LISTS|MEM|STATE",
        "SHOW DNS_HOSTS|DNS_ZONES",
        "SHOW STATS|STATS_TOTALS|STATS_AVERAGES|TOTALS",
        "SHOW PINNED",
        "SHOW <table> [WHERE ...] [ORDER BY ...] [LIMIT n]",
        "SELECT ... FROM <table> [WHERE ...] [GROUP BY ...] [ORDER BY ...] [LIMIT n]",
    ];

    /// <summary>Every table by name.</summary>
    public static IReadOnlyCollection<ShowEntry> All => Entries.Values;

    /// <summary>The table of this name in any case; null: there is none.</summary>
    public static ShowEntry? Find(string table) => Entries.GetValueOrDefault(table);

    public override ImmutableArray<ColumnDescription>? Columns(ParsedCommand command) => Find(command.Argument)?.Columns;

    public override void Run(ICommandHost host, long call, AdminRights rights, ParsedCommand command, string text)
    {
        if (command.Argument.Equals(Help, StringComparison.OrdinalIgnoreCase))
        {
            host.Reply(call, ConsoleReply.Done("SHOW") with { Notice = PoolerErrors.ConsoleUsageNotice, NoticeDetail = HelpText() });
        }
        else if (Find(command.Argument) is not { } entry)
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.InvalidCommand(text)));
        }
        else if (!IsAllowed(rights, entry.Needed))
        {
            host.Reply(call, ConsoleReply.Error(PoolerErrors.AdminAccessNeeded));
        }
        else if (entry.Make is null)
        {
            host.Reply(call, UnavailableCommand.Refusal("SHOW " + entry.Name));
        }
        else
        {
            host.Show(call, entry.Parts, entry.Make);
        }
    }

    private static string HelpText() => string.Concat(CommandTable.All.SelectMany(command => command.Usage).Select(line => "\n\t" + line));

    private static Dictionary<string, ShowEntry> MakeEntries()
    {
        const SnapshotParts PoolsAndClients = SnapshotParts.Pools | SnapshotParts.Clients;
        const SnapshotParts Counters = SnapshotParts.Pools | SnapshotParts.Statistics;
        List<ShowEntry> entries =
        [
            new ShowEntry("ACTIVE_SOCKETS", PoolsAndClients, ShowSockets.MakeActive).ForAll(),
            new ShowEntry("CLIENTS", SnapshotParts.Clients, ShowClients.Make).ForAll(),
            new ShowEntry("CONFIG", SnapshotParts.None, ShowConfig.Make).ForAll(),
            new ShowEntry("DATABASES", PoolsAndClients, ShowDatabases.Make).ForAll(),
            new ShowEntry("DNS_HOSTS", SnapshotParts.Dns, ShowDnsHosts.Make).ForAll(),
            new ShowEntry("DNS_ZONES", SnapshotParts.Dns, ShowDnsZones.Make).ForAll(),
            new ShowEntry("FDS", SnapshotParts.None, null),
            new ShowEntry("LISTS", PoolsAndClients | SnapshotParts.Dns, ShowLists.Make).ForAll(),
            new ShowEntry("MEM", PoolsAndClients, ShowMem.Make).ForAll(),
            new ShowEntry("PEERS", SnapshotParts.None, ShowPeers.Make).ForAll(),
            new ShowEntry("PEER_POOLS", SnapshotParts.None, ShowPeerPools.Make).ForAll(),
            new ShowEntry("PINNED", SnapshotParts.Clients, ShowPinned.Make).ForAll(),
            new ShowEntry("POOLS", SnapshotParts.Pools, ShowPools.Make).ForAll(),
            new ShowEntry("SERVERS", SnapshotParts.Pools, ShowServers.Make).ForAll(),
            new ShowEntry("SOCKETS", PoolsAndClients, ShowSockets.Make).ForAll(),
            new ShowEntry("STATE", SnapshotParts.None, ShowState.Make).ForAll(),
            new ShowEntry("STATS", Counters, ShowStats.Make).ForAll(),
            new ShowEntry("STATS_AVERAGES", Counters, ShowStats.MakeAverages).ForAll(),
            new ShowEntry("STATS_TOTALS", Counters, ShowStats.MakeTotals).ForAll(),
            new ShowEntry("TOTALS", Counters, ShowTotals.Make).ForAll(),
            new ShowEntry("USERS", PoolsAndClients, ShowUsers.Make).ForAll(),
            new ShowEntry("VERSION", SnapshotParts.None, ShowVersion.Make).ForAll(),
        ];
        foreach (string constant in ShowConstant.Names)
            entries.Add(new ShowEntry(constant, SnapshotParts.None, _ => ShowConstant.Make(constant)).ForAll());

        return entries.ToDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
    }
}
