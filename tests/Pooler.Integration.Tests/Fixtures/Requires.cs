using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Fixtures;

/// <summary>
/// Skips tests of behaviour that PgBouncer got in a later version than the program under test claims to be: the suite can run against an
/// installed PgBouncer (POOLER_PROGRAM=/usr/sbin/pgbouncer) to check that the tests say what PgBouncer does. The same for what came with a later PostgreSQL.
/// </summary>
internal static class Requires
{
    public static async Task VersionAsync(int major, int minor)
    {
        Version version = await PoolerProgram.VersionAsync();
        Skip.If(version < new Version(major, minor), $"PgBouncer {version} did not do this yet; {major}.{minor} does");
    }

    /// <summary>Skips a test of what PostgreSQL does since that major version only.</summary>
    public static async Task PostgresAsync(int major)
    {
        int version = await PostgresBinaries.ServerVersionAsync();
        Skip.If(version < major, $"PostgreSQL {version} does not do this yet; {major} does");
    }

    /// <summary>Skips a test that needs a client program of that major version or a newer one.</summary>
    public static async Task ClientAsync(string program, int major)
    {
        int version = await PostgresBinaries.ClientVersionAsync(program);
        Skip.If(version < major, $"{program} {version} does not do this yet; {major} does");
    }

    /// <summary>Skips a test of what PgBouncer does not do.</summary>
    public static async Task PoolerAsync() => Skip.IfNot(await PoolerProgram.IsPoolerAsync(), "only Pooler does this");
}
