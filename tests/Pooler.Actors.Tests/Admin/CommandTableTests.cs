using System.Collections.Frozen;
using Pooler.Actors.Admin;
using Pooler.Actors.Admin.Commands;
using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Admin;

public sealed class CommandTableTests
{
    private readonly FakeCommandHost _host = new()
    {
        Settings = PoolerSettings.Default with
        {
            Databases = new Dictionary<string, DatabaseSettings> { ["db1"] = new() { Name = "db1", DbName = "db1" } }.ToFrozenDictionary(),
        },
    };

    [Theory]
    [InlineData("", "Error: invalid command '', use SHOW HELP;")]
    [InlineData("foo", "Error: invalid command 'foo', use SHOW HELP;")]
    [InlineData("SHOW", "Error: invalid command 'SHOW', use SHOW HELP;")]
    [InlineData("SHOW \"\"", "Error: invalid command 'SHOW \"\"', use SHOW HELP;")]
    [InlineData("SHOW foo", "Error: invalid command 'SHOW foo', use SHOW HELP;")]
    [InlineData("SET client_encoding", "Error: invalid command 'SET client_encoding', use SHOW HELP;")]
    [InlineData("RELOAD x", "Error: invalid command 'RELOAD x', use SHOW HELP;")]
    [InlineData("SHUTDOWN x", "Error: invalid command 'SHUTDOWN x', use SHOW HELP;")]
    [InlineData("verylongcommandword", "Error: bad arguments")]
    [InlineData("SELECT 1", "Error: invalid command 'SELECT 1', use SHOW HELP;")]
    [InlineData("SELECT version", "show None")]
    [InlineData("SHOW PEERS", "show None")]
    [InlineData("SHOW MEM", "show Pools, Clients")]
    [InlineData("SHOW POOLS WHERE cl_waiting > 0", "show Pools")]
    [InlineData("SELECT database, sum(cl_active) FROM pools GROUP BY 1", "show Pools")]
    [InlineData("SELECT * FROM fds", "Error: command \"SHOW FDS\" is not available in this version of Pooler")]
    [InlineData("BEGIN", "Done: BEGIN")]
    [InlineData("show pools;", "show Pools")]
    [InlineData("SHOW STATS", "show Pools, Statistics")]
    [InlineData("SHOW clients", "show Clients")]
    [InlineData("SHOW dns_hosts", "show Dns")]
    [InlineData("SHOW TimeZone", "show None")]
    [InlineData("SET DateStyle = x", "Done: SET")]
    [InlineData("SET query_timeout = '1.5'", "set query_timeout=1.5")]
    [InlineData("RELOAD", "reload")]
    [InlineData("PAUSE", "pause all")]
    [InlineData("PAUSE \"\"", "pause all")]
    [InlineData("PAUSE db1", "pause db1")]
    [InlineData("PAUSE DB1", "Error: no such database: DB1")]
    [InlineData("PAUSE pgbouncer", "Error: cannot pause admin db: pgbouncer")]
    [InlineData("RESUME", "Error: pooler is not paused/suspended")]
    [InlineData("RESUME db1", "resume db1")]
    [InlineData("RESUME zz", "Error: no such database: zz")]
    [InlineData("RESUME pgbouncer", "Error: database pgbouncer is not paused")]
    [InlineData("SHUTDOWN", "shutdown Immediate")]
    [InlineData("SHUTDOWN wait_for_servers", "shutdown WaitForServers")]
    [InlineData("SHUTDOWN WAIT_FOR_CLIENTS", "shutdown WaitForClients")]
    [InlineData("KILL", "KILL (Kill) all")]
    [InlineData("KILL db1", "KILL (Kill) db1")]
    [InlineData("KILL zz", "Error: no such database: zz")]
    [InlineData("KILL pgbouncer", "Error: cannot kill admin db: pgbouncer")]
    [InlineData("KILL_CLIENT", "Error: invalid client pointer supplied")]
    [InlineData("KILL_CLIENT x1", "Error: invalid client pointer supplied")]
    [InlineData("KILL_CLIENT 12", "kill client 12")]
    [InlineData("KILL_CLIENT 12x3", "kill client 12")]
    [InlineData("RECONNECT", "RECONNECT (Reconnect) all")]
    [InlineData("RECONNECT db1", "RECONNECT (Reconnect) db1")]
    [InlineData("RECONNECT zz", "Error: no such database: zz")]
    [InlineData("RECONNECT pgbouncer", "Error: cannot reconnect admin db: pgbouncer")]
    [InlineData("DISABLE", "Error: a database is required")]
    [InlineData("DISABLE db1", "DISABLE (Disable) db1")]
    [InlineData("DISABLE zz", "Error: no such database: zz")]
    [InlineData("DISABLE pgbouncer", "Error: cannot disable admin db: pgbouncer")]
    [InlineData("ENABLE", "Error: a database is required")]
    [InlineData("ENABLE db1", "ENABLE (Enable) db1")]
    [InlineData("ENABLE zz", "Error: no such database: zz")]
    [InlineData("ENABLE pgbouncer", "Error: cannot enable admin db: pgbouncer")]
    [InlineData("WAIT_CLOSE", "WAIT_CLOSE (WaitClose) all")]
    [InlineData("WAIT_CLOSE db1", "WAIT_CLOSE (WaitClose) db1")]
    [InlineData("WAIT_CLOSE zz", "Error: no such database: zz")]
    [InlineData("WAIT_CLOSE pgbouncer", "Error: cannot wait in admin db: pgbouncer")]
    [InlineData("SUSPEND", "suspend")]
    [InlineData("SUSPEND db1", "Error: invalid command 'SUSPEND db1', use SHOW HELP;")]
    [InlineData("PAUSE TIMEOUT 5", "pause all for 5000 ms")]
    [InlineData("pause db1 timeout '1.5';", "pause db1 for 1500 ms")]
    [InlineData("PAUSE timeout", "Error: no such database: timeout")]
    [InlineData("PAUSE timeout timeout 1", "Error: no such database: timeout")]
    [InlineData("PAUSE \"timeout\" 5", "Error: invalid command 'PAUSE \"timeout\" 5', use SHOW HELP;")]
    [InlineData("PAUSE db1 TIMEOUT", "Error: invalid command 'PAUSE db1 TIMEOUT', use SHOW HELP;")]
    [InlineData("PAUSE db1 TIMEOUT 0", "Error: bad arguments")]
    [InlineData("PAUSE db1 TIMEOUT x", "Error: bad arguments")]
    [InlineData("PAUSE db1 TIMEOUT '-1'", "Error: bad arguments")]
    [InlineData("RESUME db1 TIMEOUT 5", "Error: invalid command 'RESUME db1 TIMEOUT 5', use SHOW HELP;")]
    [InlineData("SHOW FDS", "Error: command \"SHOW FDS\" is not available in this version of Pooler")]
    public void An_admin_gets(string text, string expected) => Assert.Equal(expected, _host.Run(text));

    [Theory]
    [InlineData("RELOAD")]
    [InlineData("PAUSE")]
    [InlineData("RESUME")]
    [InlineData("SHUTDOWN")]
    [InlineData("SET query_timeout = 1")]
    [InlineData("SET foo = 1")]
    [InlineData("SHOW FDS")]
    [InlineData("KILL")]
    [InlineData("DISABLE")]
    public void A_stats_user_is_refused(string text)
    {
        Assert.Equal("Error: admin access needed", _host.Run(text, AdminRights.ReadOnly));
        Assert.Equal("08P01", _host.LastReply!.SqlState);
    }

    [Theory]
    [InlineData("SHOW POOLS")]
    [InlineData("SELECT version")]
    [InlineData("SHOW HELP")]
    [InlineData("SET client_encoding = x")]
    public void A_stats_user_may(string text) => Assert.DoesNotContain("Error", _host.Run(text, AdminRights.ReadOnly), StringComparison.Ordinal);

    [Fact]
    public void A_session_without_rights_may_nothing()
    {
        foreach (ConsoleCommand command in CommandTable.All)
            Assert.Equal("Error: admin access needed", _host.Run(command.Name, AdminRights.None));
        Assert.False(ConsoleCommand.IsAllowed(AdminRights.None, AdminRights.None));
        Assert.False(ConsoleCommand.IsAllowed(AdminRights.None, AdminRights.ReadOnly));
    }

    [Fact]
    public void Only_commands_that_say_so_are_open_to_stats_users()
    {
        IEnumerable<ConsoleCommand> open = CommandTable.All.Where(command => command.Needed == AdminRights.ReadOnly);
        Assert.Equal(["SHOW", "SELECT", "SET"], open.Select(command => command.Name));
        Assert.False(ConsoleCommand.IsAllowed(AdminRights.ReadOnly, new ShowEntry("NEW", SnapshotParts.None, null).Needed));
        Assert.False(ConsoleCommand.IsAllowed(AdminRights.ReadOnly, new UnavailableCommand("NEW").Needed));
        Assert.Equal("FDS", Assert.Single(ShowCommand.All, entry => entry.Needed != AdminRights.ReadOnly).Name);
    }

    [Theory]
    [InlineData("PAUSE", "Error: already suspended/paused")]
    [InlineData("PAUSE db1", "Error: already suspended/paused")]
    [InlineData("PAUSE zz", "Error: already suspended/paused")]
    [InlineData("SUSPEND", "Error: already suspended/paused")]
    [InlineData("KILL", "Error: already suspended/paused")]
    [InlineData("KILL zz", "Error: already suspended/paused")]
    [InlineData("RECONNECT", "RECONNECT (Reconnect) all")]
    [InlineData("RESUME", "resume all")]
    [InlineData("RESUME db1", "resume db1")]
    public void While_paused(string text, string expected)
    {
        _host.State = PauseState.Paused;
        Assert.Equal(expected, _host.Run(text));
    }

    [Theory]
    [InlineData("RESUME", "Error: pooler is shutting down")]
    [InlineData("RESUME db1", "resume db1")]
    public void While_shutting_down(string text, string expected)
    {
        _host.State = PauseState.Paused;
        _host.IsShuttingDown = true;
        Assert.Equal(expected, _host.Run(text));
    }

    [Fact]
    public void Any_database_of_the_template_may_be_paused()
    {
        _host.Settings = _host.Settings with { AutoDatabase = new DatabaseSettings { Name = "*", DbName = "" } };
        Assert.Equal("pause anything", _host.Run("PAUSE anything"));
    }

    [Theory]
    [InlineData("RELOAD", "RELOAD command issued")]
    [InlineData("PAUSE", "PAUSE command issued")]
    [InlineData("PAUSE db1", "PAUSE 'db1' command issued")]
    [InlineData("RESUME db1", "RESUME 'db1' command issued")]
    [InlineData("RECONNECT", "RECONNECT command issued")]
    [InlineData("RECONNECT db1", "RECONNECT 'db1' command issued")]
    [InlineData("SHUTDOWN", "SHUTDOWN command issued")]
    [InlineData("SHUTDOWN WAIT_FOR_CLIENTS", "SHUTDOWN WAIT_FOR_CLIENTS command issued")]
    public void Commands_are_logged(string text, string line)
    {
        _host.Run(text);
        Assert.Equal([line], _host.Lines);
    }

    [Fact]
    public void A_command_that_a_database_refuses_is_logged_as_issued_too()
    {
        _host.Run("PAUSE zz");
        _host.Run("RESUME");
        Assert.Equal(["PAUSE 'zz' command issued", "RESUME command issued"], _host.Lines);
    }

    [Fact]
    public void A_command_that_is_none_here_and_now_is_not_logged_as_issued()
    {
        _host.Run("RELOAD", AdminRights.ReadOnly);
        _host.Run("RELOAD zz");
        _host.Run("DISABLE");
        _host.Run("KILL_CLIENT 1");
        Assert.Empty(_host.Lines);
    }

    [Fact]
    public void What_drivers_set_is_ignored_with_a_notice()
    {
        Assert.Equal("Done: SET", _host.Run("SET client_encoding TO 'UTF8'"));
        Assert.Equal("SET ignored", _host.LastReply!.Notice);
    }

    [Fact]
    public void An_unavailable_command_has_its_own_sqlstate()
    {
        _host.Run("SHOW FDS");
        Assert.Equal("0A000", _host.LastReply!.SqlState);
    }

    [Fact]
    public void Help_is_a_notice_with_every_available_command()
    {
        Assert.Equal("Done: SHOW", _host.Run("SHOW HELP"));
        Assert.Equal("Console usage", _host.LastReply!.Notice);
        string help = _host.LastReply.NoticeDetail!;
        Assert.StartsWith("\n\tSHOW HELP|CONFIG|", help, StringComparison.Ordinal);
        foreach (ShowEntry entry in ShowCommand.All.Where(entry => entry.Make is not null && char.IsUpper(entry.Name[0])))
            Assert.Contains(entry.Name, help, StringComparison.Ordinal);
        foreach (ConsoleCommand command in CommandTable.All.Where(command => command is not UnavailableCommand && command.Name != "SELECT"))
            Assert.Contains("\n\t" + command.Name, help, StringComparison.Ordinal);
        Assert.DoesNotContain("FDS", help, StringComparison.Ordinal);
    }
}
