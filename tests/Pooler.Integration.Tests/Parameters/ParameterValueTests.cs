using Pooler.Integration.Tests.Fixtures;
using Pooler.Testing.Programs;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Parameters;

/// <summary>What values tracked parameters may have, and how they change, with one server for all clients.</summary>
public sealed class ParameterValueTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // As the client writes them and as the server reports them.
    public static TheoryData<string, string> SearchPaths => new()
    {
        { "public", "public" },
        { "\"$user\",public", "\"$user\", public" },
        { "\"A b\", pg_catalog,  \"c,d\"", "\"A b\", pg_catalog, \"c,d\"" },
        { "\"with \"\"quotes\"\"\", \"it's\", \"back\\slash\"", "\"with \"\"quotes\"\"\", \"it's\", \"back\\slash\"" },
        { "''", "\"\"" },
        { LongPath, LongPath },
    };

    private static string LongPath => string.Join(", ", Enumerable.Range(100, 60).Select(number => $"schema_{number}"));

    [SkippableTheory]
    [InlineData("it's")]
    [InlineData("back\\slash")]
    [InlineData("back\\'slash'' and \"more\\\\")]
    [InlineData("two words; SELECT 1 --")]
    [InlineData("$$ $1 %s {0} /* */")]
    public async Task A_value_of_any_characters_arrives_as_it_is(string value)
    {
        await Requires.PoolerAsync();
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync(parameters: ("application_name", value));
        using RawClient other = await pooler.LogInAsync(parameters: ("application_name", "other"));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("other", (await other.QueryAsync("SHOW application_name")).Scalar);
            Assert.Equal(value, (await client.QueryAsync("SHOW application_name")).Scalar);
            await other.QueryAsync("SET standard_conforming_strings = off");
            await other.QueryAsync("SET backslash_quote = off");
        }
    }

    [SkippableFact]
    public async Task A_value_may_be_long()
    {
        await Requires.PoolerAsync();
        await using PoolerProcess pooler = await StartAsync();
        string name = string.Concat(Enumerable.Repeat("application ", 420));
        using RawClient client = await pooler.LogInAsync(parameters: ("application_name", name));
        using RawClient other = await pooler.LogInAsync(parameters: ("application_name", "other"));
        Assert.Equal(name, client.Parameters["application_name"]);
        Assert.Equal("other", (await other.QueryAsync("SHOW application_name")).Scalar);

        // The server keeps as much of it as of any identifier.
        Assert.Equal(name[..63], (await client.QueryAsync("SHOW application_name")).Scalar);
        Assert.Equal("other", (await other.QueryAsync("SHOW application_name")).Scalar);

        string zone = "<" + new string('A', 200) + ">3";
        Assert.Empty((await client.QueryAsync($"SET TimeZone = '{zone}'")).Errors);
        Assert.NotEqual(zone, (await other.QueryAsync("SHOW TimeZone")).Scalar);
        Assert.Equal(zone, (await client.QueryAsync("SHOW TimeZone")).Scalar);
    }

    [SkippableFact]
    public async Task A_value_in_the_clients_own_encoding_does_not_shut_it_out()
    {
        await Requires.PoolerAsync();
        await using PoolerProcess pooler = await StartAsync();
        using RawClient other = await pooler.LogInAsync(parameters: ("client_encoding", "UTF8"));
        await other.QueryAsync("SELECT 1");
        using RawClient client = await pooler.ConnectAsync();
        byte[] startup = FrontendMessages.Startup(("user", "bouncer"), ("database", "app"), ("client_encoding", "LATIN1"), ("application_name", "caf#"));
        startup[Array.IndexOf(startup, (byte)'#')] = 0xE9;
        await client.SendAsync(startup);
        await client.FinishLoginAsync("bouncer", string.Empty);
        Assert.Equal("LATIN1", (await client.QueryAsync("SHOW client_encoding")).Scalar);
        Assert.StartsWith("caf", (await client.QueryAsync("SHOW application_name")).Scalar, StringComparison.Ordinal);
        Assert.Equal("UTF8", (await other.QueryAsync("SHOW client_encoding")).Scalar);
    }

    [Theory]
    [InlineData("TimeZone", "Nowhere/At_All")]
    [InlineData("client_encoding", "KLINGON")]
    [InlineData("DateStyle", "Backwards")]
    public async Task A_value_that_the_server_refuses_ends_its_client_alone(string name, string value)
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient other = await pooler.LogInAsync();
        await other.QueryAsync("SELECT 1");
        using RawClient client = await pooler.LogInAsync(parameters: (name, value));
        QueryResult result = await client.QueryAsync("SELECT 1");
        Assert.Equal(new ErrorFields("FATAL", "08P01", "invalid server parameter", null), Assert.Single(result.Errors));
        Assert.Null(result.Status);
        Assert.Equal("2", (await other.QueryAsync("SELECT 2")).Scalar);
    }

    [Fact]
    public async Task A_value_is_the_one_that_the_server_has_in_the_end()
    {
        await using PoolerProcess pooler = await StartAsync();
        using RawClient client = await pooler.LogInAsync(parameters: ("TimeZone", "UTC"));
        using RawClient other = await pooler.LogInAsync(parameters: ("TimeZone", "Europe/Paris"));
        await client.QueryAsync("BEGIN; SET TimeZone = 'Asia/Tokyo'; ROLLBACK");
        await CheckAsync("UTC");
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("SET TimeZone = 'Asia/Tokyo'; SELECT 1/0");
        await client.QueryAsync("ROLLBACK");
        await CheckAsync("UTC");
        await client.QueryAsync("BEGIN; SET LOCAL TimeZone = 'Asia/Tokyo'");
        Assert.Equal("Asia/Tokyo", (await client.QueryAsync("SHOW TimeZone")).Scalar);
        await client.QueryAsync("COMMIT");
        await CheckAsync("UTC");
        await client.QueryAsync("BEGIN; SAVEPOINT s; SET TimeZone = 'Asia/Tokyo'; ROLLBACK TO s; SET DateStyle = 'SQL, DMY'; COMMIT");
        await CheckAsync("UTC");
        Assert.Equal("SQL, DMY", (await client.QueryAsync("SHOW DateStyle")).Scalar);
        await client.QueryAsync("SELECT set_config('TimeZone', 'Asia/Tokyo', false)");
        await CheckAsync("Asia/Tokyo");
        await client.SendAsync(
            FrontendMessages.Query("SET TimeZone = 'UTC'"), FrontendMessages.Query("SET TimeZone = 'Asia/Seoul'"), FrontendMessages.Query("SET TimeZone = 'Asia/Dubai'"));
        for (int i = 0; i < 3; i++)
        {
            await client.ReadResultAsync();
        }

        await CheckAsync("Asia/Dubai");
        await client.QueryAsync("RESET ALL");
        Assert.Equal("Europe/Paris", (await other.QueryAsync("SHOW TimeZone")).Scalar);

        async Task CheckAsync(string expected)
        {
            Assert.Equal("Europe/Paris", (await other.QueryAsync("SHOW TimeZone")).Scalar);
            Assert.Equal(expected, (await client.QueryAsync("SHOW TimeZone")).Scalar);
        }
    }

    [Fact]
    public async Task More_parameters_can_be_tracked()
    {
        await using PoolerProcess pooler = await StartAsync(("track_extra_parameters", "IntervalStyle, default_transaction_read_only, search_path"));
        using RawClient client = await pooler.LogInAsync(parameters: [("intervalstyle", "iso_8601"), ("default_transaction_read_only", "on")]);
        using RawClient other = await pooler.LogInAsync();
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("postgres", (await other.QueryAsync("SHOW IntervalStyle")).Scalar);
            Assert.Equal("off", (await other.QueryAsync("SHOW default_transaction_read_only")).Scalar);
            Assert.Equal("iso_8601", (await client.QueryAsync("SHOW IntervalStyle")).Scalar);
            Assert.Equal("on", (await client.QueryAsync("SHOW default_transaction_read_only")).Scalar);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(SearchPaths))]
    public async Task A_search_path_that_the_server_reports_follows_its_client(string value, string canonical)
    {
        await Requires.PoolerAsync();
        await Requires.PostgresAsync(18);
        await using PoolerProcess pooler = await StartAsync(("track_extra_parameters", "search_path"));
        using RawClient client = await pooler.LogInAsync();
        using RawClient other = await pooler.LogInAsync();
        using RawClient third = await pooler.LogInAsync(parameters: ("search_path", "third"));
        await client.QueryAsync("SET search_path = " + value);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("\"$user\", public", (await other.QueryAsync("SHOW search_path")).Scalar);
            Assert.Equal(canonical, (await client.QueryAsync("SHOW search_path")).Scalar);
            Assert.Equal("third", (await third.QueryAsync("SHOW search_path")).Scalar);
        }

        // The form of pg_dump, which leaves it empty.
        await client.QueryAsync("SELECT pg_catalog.set_config('search_path', '', false)");
        Assert.Equal("third", (await third.QueryAsync("SHOW search_path")).Scalar);
        Assert.Equal("0", (await client.QueryAsync("SELECT cardinality(current_schemas(false))")).Scalar);
        await client.QueryAsync("BEGIN; SET LOCAL search_path = here; SAVEPOINT s; SET search_path = there; ROLLBACK TO s");
        Assert.Equal("here", (await client.QueryAsync("SHOW search_path")).Scalar);
        await client.QueryAsync("COMMIT");
        Assert.Equal("\"$user\", public", (await other.QueryAsync("SHOW search_path")).Scalar);
        Assert.Equal("0", (await client.QueryAsync("SELECT cardinality(current_schemas(false))")).Scalar);
    }

    [SkippableFact]
    public async Task Names_in_a_search_path_keep_their_case_and_may_be_key_words()
    {
        await Requires.PoolerAsync();
        await Requires.PostgresAsync(18);
        await using PoolerProcess pooler = await StartAsync(("track_extra_parameters", "search_path"));
        using RawClient capital = await pooler.LogInAsync();
        using RawClient capitals = await pooler.LogInAsync();
        using RawClient keyWords = await pooler.LogInAsync();
        using RawClient keyWord = await pooler.LogInAsync();
        await capital.QueryAsync("SET search_path = \"Tenant\"");
        await capitals.QueryAsync("SET search_path = \"TENANT\"");

        // The server takes a value of this form as it is, without quotes, and reports it so.
        await keyWords.QueryAsync("SELECT set_config('search_path', 'order, Select,ünï', false)");
        await keyWord.QueryAsync("SELECT set_config('search_path', 'default', false)");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("\"Tenant\"", (await capital.QueryAsync("SHOW search_path")).Scalar);
            Assert.Equal("\"TENANT\"", (await capitals.QueryAsync("SHOW search_path")).Scalar);
            Assert.Equal("\"order\", \"select\", \"ünï\"", (await keyWords.QueryAsync("SHOW search_path")).Scalar);
            Assert.Equal("\"default\"", (await keyWord.QueryAsync("SHOW search_path")).Scalar);
        }
    }

    [Fact]
    public async Task Options_carry_parameters_too()
    {
        await using PoolerProcess pooler = await StartAsync(("ignore_startup_parameters", "extra_float_digits"));
        using RawClient client = await pooler.LogInAsync(
            parameters: ("options", "-c datestyle=German -ctimezone=Asia/Tokyo --application_name=with\\ blank -c extra_float_digits=3"));
        using RawClient other = await pooler.LogInAsync();
        await other.QueryAsync("SELECT 1");
        Assert.Equal("German, DMY", (await client.QueryAsync("SHOW DateStyle")).Scalar);
        Assert.Equal("Asia/Tokyo", (await client.QueryAsync("SHOW TimeZone")).Scalar);
        Assert.Equal("with blank", (await client.QueryAsync("SHOW application_name")).Scalar);
        ServerErrorException error = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.LogInAsync(parameters: ("options", "-c geqo=off")));
        Assert.Equal("unsupported startup parameter in options: geqo", error.Fields.Message);
    }

    [Fact]
    public async Task The_application_name_can_say_where_the_client_is()
    {
        await using PoolerProcess pooler = await StartAsync(("application_name_add_host", "1"));
        using RawClient client = await pooler.LogInAsync(parameters: ("application_name", "me"));
        using RawClient other = await pooler.LogInAsync();
        Assert.Equal($"app - {other.Socket.LocalEndPoint}", (await other.QueryAsync("SHOW application_name")).Scalar);
        Assert.Equal($"me - {client.Socket.LocalEndPoint}", (await client.QueryAsync("SHOW application_name")).Scalar);
    }

    private Task<PoolerProcess> StartAsync(params (string Key, string? Value)[] settings) =>
        PoolerProcess.StartAsync(PoolerOptions.For(postgres.Cluster, [("pool_mode", "transaction"), ("default_pool_size", "1"), .. settings]));
}
