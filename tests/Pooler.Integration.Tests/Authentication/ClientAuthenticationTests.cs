using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Postgres;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Authentication;

/// <summary>The pooler's side of client logins: methods, stored secrets and the exact words of a refusal.</summary>
public sealed class ClientAuthenticationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Secret = PostgresCluster.Password;

    public static TheoryData<string, string, bool, string> Methods => new()
    {
        // auth_type, stored as, does the right password work, text for a wrong one
        { "plain", "plain", true, "password authentication failed" },
        { "plain", "md5", true, "password authentication failed" },
        { "plain", "scram", true, "password authentication failed" },
        { "md5", "plain", true, "password authentication failed" },
        { "md5", "md5", true, "password authentication failed" },
        { "md5", "scram", true, "SASL authentication failed" },
        { "scram-sha-256", "plain", true, "SASL authentication failed" },
        { "scram-sha-256", "scram", true, "SASL authentication failed" },
        { "scram-sha-256", "md5", false, "SASL authentication failed" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_password_is_checked_against_what_is_stored(string method, string storedAs, bool works, string refusal)
    {
        await using PoolerProcess pooler = await StartAsync(method, storedAs);
        if (works)
        {
            using RawClient client = await pooler.LogInAsync("trusty");
            Assert.Equal("trusty", (await client.QueryAsync("SELECT current_user")).Scalar);
        }
        else
        {
            await RefusedAsync(pooler, "trusty", Secret, refusal);
        }

        await RefusedAsync(pooler, "trusty", "wrong", refusal);
        await RefusedAsync(pooler, "trusty", Secret + "x", refusal);
        await pooler.WaitForLogAsync("pooler error: " + refusal);
    }

    [Theory]
    [InlineData("plain", 3, "password authentication failed")]
    [InlineData("md5", 5, "password authentication failed")]
    [InlineData("scram-sha-256", 10, "SASL authentication failed")]
    public async Task An_unknown_user_sees_the_same_as_with_a_wrong_password(string method, int request, string refusal)
    {
        await using PoolerProcess pooler = await StartAsync(method, "plain");
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup(("user", "nobody-knows"), ("database", "app")));
        BackendMessage message = (await client.ReadAsync())!;
        Assert.Equal('R', message.Type);
        Assert.Equal(request, message.Int32());
        await RefusedAsync(pooler, "nobody-knows", Secret, refusal);
        await RefusedAsync(pooler, "trusty", "wrong", refusal);
    }

    [Fact]
    public async Task An_unknown_database_is_told_only_after_the_password()
    {
        await using PoolerProcess pooler = await StartAsync("scram-sha-256", "plain");
        ErrorFields wrong = await RefusalAsync(pooler, "trusty", "wrong", "nowhere");
        Assert.Equal("SASL authentication failed", wrong.Message);
        ErrorFields right = await RefusalAsync(pooler, "trusty", Secret, "nowhere");
        Assert.Equal(new ErrorFields("FATAL", "08P01", "no such database: nowhere", null), right);
    }

    [SkippableFact]
    public async Task Trust_still_wants_to_know_the_user()
    {
        await Requires.VersionAsync(1, 21);
        await using PoolerProcess pooler = await StartAsync("trust", "plain");
        await RefusedAsync(pooler, "nobody-knows", Secret, "\"trust\" authentication failed");
        using RawClient client = await pooler.LogInAsync("trusty", password: null);
        Assert.Equal("trusty", (await client.QueryAsync("SELECT current_user")).Scalar);
    }

    [Fact]
    public async Task Any_takes_the_forced_user_of_the_database()
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("auth_type", "any"));
        options.Databases["forced"] = options.ConnectionString(postgres.Cluster, "app", "user=trusty");
        await using PoolerProcess pooler = await PoolerProcess.StartAsync(options);
        using RawClient client = await pooler.LogInAsync("whoever", "forced", password: null);
        Assert.Equal("trusty", (await client.QueryAsync("SELECT current_user")).Scalar);
        await RefusedAsync(pooler, "whoever", string.Empty, "bouncer config error");
        await pooler.WaitForLogAsync("ERROR C-.* auth_type=any requires forced user");
    }

    [SkippableFact]
    public async Task An_empty_password_is_refused_by_name()
    {
        await Requires.VersionAsync(1, 19);
        await using PoolerProcess pooler = await StartAsync("plain", "plain");
        await RefusedAsync(pooler, "trusty", string.Empty, "empty password returned by client");
    }

    [Fact]
    public async Task An_unknown_sasl_mechanism_is_refused()
    {
        await using PoolerProcess pooler = await StartAsync("scram-sha-256", "plain");
        using RawClient client = await pooler.ConnectAsync();
        await client.SendAsync(FrontendMessages.Startup(("user", "trusty"), ("database", "app")));
        BackendMessage offer = (await client.ReadAsync())!;
        Assert.Equal("SCRAM-SHA-256\0\0", System.Text.Encoding.ASCII.GetString(offer.Body.AsSpan(4)));
        await client.SendAsync(FrontendMessages.Message('p', "SCRAM-SHA-256-PLUS\0\0\0\0\u0003n,,"u8));
        Assert.Equal("client selected an invalid SASL authentication mechanism", (await client.ReadErrorAsync()).Message);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Npgsql_and_psql_log_in_with_scram()
    {
        await using PoolerProcess pooler = await StartAsync("scram-sha-256", "scram");
        await using (Npgsql.NpgsqlConnection connection = await pooler.OpenAsync("trusty", more: "No Reset On Close=true;"))
        {
            await using Npgsql.NpgsqlCommand command = new("SELECT current_user::text", connection);
            Assert.Equal("trusty", await command.ExecuteScalarAsync());
        }

        CommandResult psql = await Command.RunAsync(
            [PostgresBinaries.Client("psql"), "-X", "-At", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", "trusty", "-d", "app", "-c", "SELECT 'in'"],
            new Dictionary<string, string> { ["PGPASSWORD"] = Secret });
        Assert.Equal("in\n", psql.Succeeded());
    }

    private static async Task<ErrorFields> RefusalAsync(PoolerProcess pooler, string user, string password, string database = "app")
    {
        using RawClient client = await pooler.ConnectAsync();
        ErrorFields fields = (await Assert.ThrowsAsync<ServerErrorException>(() => client.LogInAsync(user, database, password))).Fields;
        Assert.True(await client.IsClosedAsync());
        return fields;
    }

    private static async Task RefusedAsync(PoolerProcess pooler, string user, string password, string text) =>
        Assert.Equal(new ErrorFields("FATAL", "08P01", text, null), await RefusalAsync(pooler, user, password));

    private async Task<PoolerProcess> StartAsync(string method, string storedAs)
    {
        PoolerOptions options = PoolerOptions.For(postgres.Cluster, ("auth_type", method));
        options.UserList["trusty"] = storedAs switch
        {
            "md5" => PasswordReply.Md5Secret("trusty", Secret),
            "scram" => (string)(await postgres.Cluster.ScalarAsync("SELECT rolpassword FROM pg_authid WHERE rolname = 'trusty'"))!,
            _ => Secret,
        };
        return await PoolerProcess.StartAsync(options);
    }
}
