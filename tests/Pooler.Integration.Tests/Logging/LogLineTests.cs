using System.Text.RegularExpressions;
using Pooler.Integration.Tests.Fixtures;

namespace Pooler.Integration.Tests.Logging;

/// <summary>
/// The lines that people and their tools look for, to the letter. In the patterns C and S stand for what a line calls a client or a server by, A for an address and P
/// for a port.
/// </summary>
public sealed class LogLineTests(LogScenario scenario) : IClassFixture<LogScenario>
{
    [SkippableTheory]
    [InlineData("LOG kernel file descriptor limit: N (hard: N); max_client_conn: 200, max expected fd use: N")]
    [InlineData("LOG listening on A:P")]
    [InlineData("LOG listening on unix:/.*/\\.s\\.PGSQL\\.P")]
    [InlineData("LOG process up: PgBouncer .*, libevent .* \\(.*\\), adns: .*, tls: .*")]
    [InlineData("LOG C: app/bouncer@A:P login attempt: db=app user=bouncer tls=no replication=no", 1, 24)]
    [InlineData("LOG C: app/bouncer@A:P login attempt: db=app user=bouncer tls=no.*")]
    [InlineData("LOG S: app/bouncer@A:P new connection to server \\(from A:P\\)")]
    [InlineData("LOG S: local/bouncer@unix.* new connection to server")]
    [InlineData("LOG C: app/bouncer@A:P closing because: client close request \\(age=Ns\\)")]
    [InlineData("LOG C: app/bouncer@A:P closing because: client unexpected eof \\(age=Ns\\)")]
    [InlineData("LOG C: app/bouncer@A:P closing because: password authentication failed \\(age=Ns\\)")]
    [InlineData("WARNING C: app/bouncer@A:P pooler error: password authentication failed")]
    [InlineData("LOG C: \\(nodb\\)/bouncer@A:P login attempt: db=gone user=bouncer tls=no.*")]
    [InlineData("LOG C: \\(nodb\\)/bouncer@A:P login failed: db=gone user=bouncer")]
    [InlineData("LOG C: \\(nodb\\)/bouncer@A:P closing because: no such database: gone \\(age=Ns\\)")]
    [InlineData("WARNING C: \\(nodb\\)/bouncer@A:P pooler error: no such database: gone")]
    [InlineData("LOG C: \\(nodb\\)/\\(nouser\\)@A:P no such user: ghost")]
    [InlineData("LOG C: \\(nodb\\)/ghost@A:P login attempt: db=app user=ghost tls=no.*")]
    [InlineData("WARNING C: \\(nodb\\)/ghost@A:P pooler error: password authentication failed")]
    [InlineData("WARNING C: \\(nodb\\)/\\(nouser\\)@A:P unsupported startup parameter: foo=bar")]
    [InlineData("WARNING C: \\(nodb\\)/\\(nouser\\)@A:P pooler error: unsupported startup parameter: foo")]
    [InlineData("WARNING server login failed: FATAL database \"nowhere\" does not exist")]
    [InlineData("WARNING C: broken/bouncer@A:P pooler error: database \"nowhere\" does not exist")]
    [InlineData("ERROR S: error while executing exec_on_query: ERROR: division by zero")]
    [InlineData("LOG S: app/bouncer@A:P closing because: successfully sent cancel request \\(age=Ns\\)")]
    [InlineData("LOG C: app/\\(nouser\\)@A:P closing because: successfully sent cancel request \\(age=Ns\\)")]
    [InlineData("LOG C: \\(nodb\\)/\\(nouser\\)@A:P closing because: cancel request for idle client \\(age=Ns\\)")]
    [InlineData("LOG C: \\(nodb\\)/\\(nouser\\)@A:P closing because: failed cancel request \\(age=Ns\\)")]
    [InlineData("ERROR varcache_apply failed: ERROR: invalid value for parameter \"TimeZone\": \"Nowhere/At_All\"", 1, 20)]
    [InlineData("ERROR C: app/bouncer@A:P unknown pkt from client: 122/0x7a")]
    [InlineData("ERROR C: app/bouncer@A:P failed to parse prepared statement packet type 'D'", 1, 21)]
    [InlineData("WARNING C: \\(nodb\\)/\\(nouser\\)@A:P unsupported startup parameter in options: foo=bar", 1, 20)]
    [InlineData("WARNING taking connection from reserve_pool", 1, 23)]
    [InlineData("DEBUG .*varcache_apply: SET application_name='named';.*")]
    [InlineData("DEBUG C: app/bouncer@A:P logged in")]
    [InlineData("DEBUG got admin query: SET verbose = 0")]
    [InlineData("ERROR invalid command 'NONSENSE")]
    [InlineData("\tin two lines', use SHOW HELP;")]
    [InlineData("WARNING C: pgbouncer/admin@A:P pooler error: invalid command 'NONSENSE")]
    [InlineData(
        "LOG stats: N xacts/s, N queries/s, N client parses/s, N server parses/s, N binds/s, N client logins/s, in N B/s, out N B/s, xact N us, query N us, wait N us", 1, 25)]
    [InlineData("LOG stats: N xacts/s, N queries/s, .*in N B/s, out N B/s, xact N us, query N us, wait N us")]
    [InlineData("LOG got SIGTERM, shutting down, waiting for all clients disconnect", 1, 23)]
    [InlineData("LOG client connections dropped, exiting", 1, 23)]
    [InlineData("LOG .*registered new auto-database: (db=)?template1")]
    [InlineData("LOG C: \\(nodb\\)/pgbouncer@unix\\(N\\):P pgbouncer access from unix socket")]
    [InlineData("LOG PAUSE command issued")]
    [InlineData("LOG RESUME command issued")]
    [InlineData("LOG PAUSE 'app' command issued")]
    [InlineData("LOG RESUME 'app' command issued")]
    [InlineData("LOG PAUSE 'not_there' command issued")]
    [InlineData("LOG RELOAD command issued")]
    [InlineData("WARNING dropping database 'leaving' as it does not exist anymore or inactive auto-database")]
    [InlineData("WARNING dropping database 'unvisited' as it does not exist anymore or inactive auto-database")]
    [InlineData("WARNING config file loading failed")]
    [InlineData("ERROR RELOAD Failed, see logs for more details", 1, 24)]
    [InlineData("LOG got SIGHUP, re-reading config")]
    [InlineData("LOG got SIGUSR1, pausing all activity")]
    [InlineData("LOG got SIGUSR2, continuing from PAUSE")]
    [InlineData("LOG got SIGINT, shutting down, waiting for all servers connections to be released", 1, 23)]
    [InlineData("LOG server connections dropped, exiting")]
    public async Task A_line_is_there(string line, int major = 1, int minor = 0)
    {
        await Requires.VersionAsync(major, minor);
        Regex regex = new(Pattern(line), RegexOptions.CultureInvariant);
        Assert.True(scenario.Lines.Any(regex.IsMatch), $"no line {line} among:\n{string.Join('\n', scenario.Lines)}");
    }

    [SkippableTheory]
    [InlineData("LOG .*new connection to server.*successfully sent cancel request")]
    [InlineData("LOG C: app/.* login failed: .*")]
    [InlineData("ERROR RELOAD failed, see logs for additional details")]
    [InlineData("FATAL .*")]
    public void A_line_is_not_there(string line)
    {
        Regex regex = new(Pattern(line), RegexOptions.CultureInvariant);
        Assert.DoesNotContain(scenario.Lines, regex.IsMatch);
    }

    [Fact]
    public void Every_line_but_the_later_ones_of_a_message_has_time_process_and_level()
    {
        Regex first = new(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z0-9+-]+ \[\d+\] (FATAL|ERROR|WARNING|LOG|DEBUG|NOISE) \S", RegexOptions.CultureInvariant);
        Assert.All(scenario.Lines, line => Assert.True(line.StartsWith('\t') || first.IsMatch(line), line));
    }

    // C and S alone, N, A and P where they stand for something; a line begins with its time and its process.
    private static string Pattern(string line)
    {
        string pattern = Regex.Replace(line, @"\b([CS]): (?=[\w\\(])(?!error)", "$1-0x[0-9a-f]+: ");
        pattern = Regex.Replace(pattern, @"\b(A:P|P)\b", match => match.Value == "A:P" ? @"(127\.0\.0\.1:\d+)" : @"\d+");
        pattern = Regex.Replace(pattern, @"\bN(?=\b|s\b)", @"\d+");
        pattern = pattern.Replace("descriptor limit: \\d+ (hard: \\d+)", @"descriptor limit: \d+ \(hard: \d+\)", StringComparison.Ordinal);
        return line[0] == '\t' ? "^" + pattern + "$" : @"\] " + pattern + "$";
    }
}
