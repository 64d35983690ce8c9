using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Authentication;

/// <summary>The pooler's own logins to PostgreSQL, and what its clients hear when one fails.</summary>
public sealed class ServerAuthenticationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("trusty")]
    [InlineData("plainy")]
    [InlineData("md5y")]
    [InlineData("scrammy")]
    public async Task Every_method_of_the_server_is_answered_with_the_listed_secret(string user)
    {
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(postgres.Cluster, ("auth_type", "md5"));
        using RawClient client = await pooler.LogInAsync(user);
        Assert.Equal(user, (await client.QueryAsync("SELECT current_user")).Scalar);
    }

    [Fact]
    public async Task An_md5_secret_is_enough_for_an_md5_server()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("auth_type", "md5"));
        options.UserList["md5y"] = PasswordReply.Md5Secret("md5y", PostgresCluster.Password);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient client = await pooler.LogInAsync("md5y");
        Assert.Equal("md5y", (await client.QueryAsync("SELECT current_user")).Scalar);
    }

    [Fact]
    public async Task Scram_keys_of_a_client_login_are_passed_through_to_the_server()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("auth_type", "scram-sha-256"));
        options.UserList["scrammy"] = (string)(await postgres.Cluster.ScalarAsync("SELECT rolpassword FROM pg_authid WHERE rolname = 'scrammy'"))!;
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        for (int i = 0; i < 2; i++)
        {
            using RawClient client = await pooler.LogInAsync("scrammy");
            Assert.Equal("scrammy", (await client.QueryAsync("SELECT current_user")).Scalar);
            await pooler.AdminAsync("RECONNECT");
        }
    }

    [Fact]
    public async Task A_database_line_can_force_user_and_password()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        options.Databases["forced"] = options.ConnectionString(postgres.Cluster, "app", "user=scrammy password=secret");
        options.Databases["listed"] = options.ConnectionString(postgres.Cluster, "app", "user=plainy");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient forced = await pooler.LogInAsync("trusty", "forced");
        Assert.Equal("scrammy", (await forced.QueryAsync("SELECT current_user")).Scalar);
        using RawClient listed = await pooler.LogInAsync("trusty", "listed");
        Assert.Equal("plainy", (await listed.QueryAsync("SELECT current_user")).Scalar);
    }

    [Fact]
    public async Task A_wrong_password_at_the_server_is_told_in_its_own_words()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        options.Databases["wrong"] = options.ConnectionString(postgres.Cluster, "app", "user=scrammy password=wrong");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        ErrorFields error = await RefusalAsync(pooler, "trusty", "wrong");
        Assert.Equal("FATAL", error.Severity);
        Assert.Equal("password authentication failed for user \"scrammy\"", error.Message);
        await pooler.WaitForLogAsync("server login failed: FATAL password authentication failed for user \"scrammy\"");
    }

    [SkippableFact]
    public async Task The_state_code_of_a_refused_server_login_is_passed_on()
    {
        await Requires.VersionAsync(1, 24);
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(PoolerOptionsForCaged());
        ErrorFields error = await RefusalAsync(pooler, "caged", "app");
        Assert.Equal("28000", error.SqlState);
        Assert.StartsWith("pg_hba.conf rejects connection for host", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_that_wants_OAuth_is_no_server_for_the_pooler()
    {
        await Requires.PostgresAsync(18);

        // The server asks before it loads the library.
        await using PostgresCluster cluster = await PostgresCluster.StartAsync("oauth_validator_libraries = 'none'");
        await cluster.SetHostBasedAuthenticationAsync("host all postgres all trust\nhost all all all oauth issuer=\"https://localhost\" scope=\"openid\"\n");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(cluster);
        ErrorFields error = await RefusalAsync(pooler, "trusty", "app");
        Assert.Equal(new ErrorFields("FATAL", "08P01", "server login failed: none of the server's SASL authentication mechanisms are supported", null), error);
        using RawClient other = await pooler.LogInAsync("postgres");
        Assert.Equal("1", (await other.QueryAsync("SELECT 1")).Scalar);
    }

    [Fact]
    public async Task A_missing_database_at_the_server_is_told_in_its_own_words()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        options.Databases["missing"] = options.ConnectionString(postgres.Cluster, "not_there");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        Assert.Equal("database \"not_there\" does not exist", (await RefusalAsync(pooler, "trusty", "missing")).Message);
    }

    [Fact]
    public async Task A_server_that_refuses_connections_makes_clients_wait_until_their_login_times_out()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("client_login_timeout", "1"));
        options.Databases["down"] = "host=127.0.0.1 port=1 dbname=app";
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        ErrorFields error = await RefusalAsync(pooler, "trusty", "down");
        Assert.Equal(new ErrorFields("FATAL", "08P01", "client_login_timeout (server down)", null), error);
        await pooler.WaitForLogAsync("closing because: connect failed");
    }

    private static async Task<ErrorFields> RefusalAsync(PoolerProcess pooler, string user, string database)
    {
        using RawClient client = await pooler.ConnectAsync();
        return (await Assert.ThrowsAsync<ServerErrorException>(() => client.LogInAsync(user, database, PostgresCluster.Password))).Fields;
    }

    private PoolerOptions PoolerOptionsForCaged()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster);
        options.UserList["caged"] = PostgresCluster.Password;
        return options;
    }
}
