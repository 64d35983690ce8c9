using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class StartupParametersTests
{
    private static readonly TrackedParameters Tracked = new(["IntervalStyle", "search_path"]);

    [Fact]
    public void Last_duplicate_wins_and_the_database_defaults_to_the_user()
    {
        Assert.Equal(("b", "b"), Names(Read("user", "a", "user", "b")));
        Assert.Equal(("u", "u"), Names(Read("user", "u", "database", "")));
        Assert.Equal(("u", "e"), Names(Read("user", "u", "database", "d", "database", "e")));
    }

    [Fact]
    public void Tracked_values_are_kept_verbatim_under_any_case()
    {
        var result = Read("user", "u", "dateSTYLE", "iso", "TIMEZONE", "gmt", "client_encoding", "UTF8", "application_name", "");

        Assert.Equal("iso", result.Values["DateStyle"]);
        Assert.Equal("gmt", result.Values["timezone"]);
        Assert.Equal("", result.Values["application_name"]);
        Assert.Null(result.Values["standard_conforming_strings"]);
    }

    [Fact]
    public void Ignored_names_are_dropped_only_in_their_exact_case()
    {
        Assert.Equal("u", Read(["extra_float_digits"], null, "user", "u", "extra_float_digits", "3").User);
        Assert.Equal("unsupported startup parameter: Extra_float_digits", Error(["extra_float_digits"], "user", "u", "Extra_float_digits", "3"));
    }

    [Fact]
    public void An_unknown_parameter_is_fatal_and_logged_with_its_value()
    {
        var ok = StartupParameters.TryRead(Body("user", "u", "foo", "bar"), Tracked, [], null, out var result, out var error, out var warning);

        Assert.False(ok);
        Assert.Null(result);
        Assert.Equal("unsupported startup parameter: foo", error);
        Assert.Equal("unsupported startup parameter: foo=bar", warning);
    }

    [Fact]
    public void Names_are_case_sensitive_where_they_are_not_tracked()
    {
        Assert.Equal("unsupported startup parameter: User", Error([], "User", "u"));
    }

    [Fact]
    public void Parameters_are_judged_before_the_layout_and_the_layout_before_the_user()
    {
        Assert.Equal("unsupported startup parameter: foo", ErrorOf("foo\0bar\0junk"));
        Assert.Equal("invalid startup packet layout: expected terminator as last byte", ErrorOf("database\0d\0"));
        Assert.Equal("no username supplied", ErrorOf("database\0d\0\0"));
        Assert.Equal("no username supplied", ErrorOf("\0"));
        Assert.Equal("no username supplied", ErrorOf("user\0\0\0"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("user\0")]
    [InlineData("user\0u")]
    [InlineData("user\0u\0")]
    [InlineData("user\0u\0x")]
    [InlineData("user\0u\0x\0")]
    [InlineData("user\0u\0\0x")]
    [InlineData("user\0u\0\0\0")]
    public void A_missing_terminator_or_bytes_behind_it_are_fatal(string body)
    {
        Assert.Equal("invalid startup packet layout: expected terminator as last byte", ErrorOf(body));
    }

    [Fact]
    public void A_user_name_has_at_most_127_bytes()
    {
        Assert.Equal(127, Read("user", new string('u', 127)).User.Length);
        Assert.Equal("username too long", Error([], "user", new string('u', 128)));
        Assert.Equal("username too long", Error([], "user", new string('ü', 64)));
    }

    [Theory]
    [InlineData("database", ReplicationMode.Logical)]
    [InlineData("true", ReplicationMode.Physical)]
    [InlineData("T", ReplicationMode.Physical)]
    [InlineData("Yes", ReplicationMode.Physical)]
    [InlineData("on", ReplicationMode.Physical)]
    [InlineData("1", ReplicationMode.Physical)]
    [InlineData("o", ReplicationMode.None)]
    [InlineData("off", ReplicationMode.None)]
    [InlineData("no", ReplicationMode.None)]
    [InlineData("0", ReplicationMode.None)]
    [InlineData("trueish", ReplicationMode.None)]
    [InlineData("", ReplicationMode.None)]
    public void Replication_is_a_boolean_or_database(string value, ReplicationMode mode)
    {
        Assert.Equal(mode, Read("user", "u", "replication", value).Replication);
    }

    [Fact]
    public void Options_of_a_replication_connection_go_through_wherever_the_parameter_stands()
    {
        var result = Read("options", " -x anything ", "user", "u", "replication", "true");

        Assert.Equal(" -x anything ", result.Options);
        Assert.Null(Read("user", "u", "options", "").Options);
    }

    [Theory]
    [InlineData("-c timezone=UTC", "UTC")]
    [InlineData("-ctimezone=UTC", "UTC")]
    [InlineData("--timezone=UTC", "UTC")]
    [InlineData("-c   TimeZone=UTC   -c IntervalStyle=iso", "UTC")]
    [InlineData("-c timezone=", "")]
    [InlineData("-c timezone=a=b", "a=b")]
    [InlineData("-c time\\zone=a\\ b\\\\c", "a b\\c")]
    [InlineData("-c timezone=a -c timezone=b", "b")]
    [InlineData(" -c timezone=a", "a")]
    [InlineData("", null)]
    public void Options_may_set_tracked_parameters(string options, string? timeZone)
    {
        Assert.Equal(timeZone, Read("user", "u", "options", options).Values["TimeZone"]);
    }

    [Theory]
    [InlineData("-x timezone=a")]
    [InlineData("timezone=a")]
    [InlineData("-c timezone")]
    [InlineData("-- timezone=a")]
    [InlineData("-c")]
    [InlineData("--")]
    [InlineData("-")]
    [InlineData(" ")]
    [InlineData("-c timezone=a ")]
    [InlineData("-c timezone=a\t-c timezone=b")]
    [InlineData("-c timezone = a")]
    [InlineData("-c \\")]
    public void Options_of_another_form_are_fatal(string options)
    {
        Assert.Equal(
            "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed",
            Error([], "user", "u", "options", options));
    }

    [Fact]
    public void Unknown_names_in_options_are_fatal_unless_they_or_options_are_ignored()
    {
        Assert.Equal("unsupported startup parameter in options: geqo", Error([], "user", "u", "options", "-c geqo=off"));
        Assert.Equal("unsupported startup parameter in options: ", Error([], "user", "u", "options", "-c =off"));
        Assert.Equal("a", Read(["geqo"], null, "user", "u", "options", "-c geqo=off -c timezone=a").Values["TimeZone"]);
        Assert.Equal("a", Read(["options"], null, "user", "u", "options", "-c geqo=off -c timezone=a").Values["TimeZone"]);
        Assert.Equal("unsupported startup parameter in options: geqo", Error(["foo"], "user", "u", "options", "-c geqo=off"));
    }

    [Fact]
    public void Protocol_options_are_reported_in_order()
    {
        Assert.Equal(["_pq_.b", "_pq_.a"], Read("user", "u", "_pq_.b", "1", "_pq_.a", "2").UnsupportedProtocolOptions);
        Assert.Empty(Read("user", "u").UnsupportedProtocolOptions);
    }

    [Fact]
    public void The_host_is_added_to_the_application_name_or_to_app()
    {
        Assert.Equal("psql - 127.0.0.1:5", Read([], "127.0.0.1:5", "user", "u", "application_name", "psql").Values["application_name"]);
        Assert.Equal("app - [::1]:5", Read([], "[::1]:5", "user", "u").Values["application_name"]);
        Assert.Null(Read("user", "u").Values["application_name"]);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_survive()
    {
        byte[] body = [.. "user\0"u8, 0xE9, 0xFF, .. "\0\0"u8];

        Assert.True(StartupParameters.TryRead(body, Tracked, [], null, out var result, out _, out _));
        Assert.Equal([0xE9, 0xFF], WireText.Encode(result!.User));
    }

    private static (string User, string Database) Names(StartupParameters parameters) => (parameters.User, parameters.Database);

    private static StartupParameters Read(params string[] pairs) => Read([], null, pairs);

    private static StartupParameters Read(string[] ignored, string? host, params string[] pairs)
    {
        Assert.True(StartupParameters.TryRead(Body(pairs), Tracked, ignored, host, out var result, out var error, out _), error);
        return result!;
    }

    private static string? Error(string[] ignored, params string[] pairs)
    {
        Assert.False(StartupParameters.TryRead(Body(pairs), Tracked, ignored, null, out _, out var error, out _));
        return error;
    }

    private static string? ErrorOf(string body)
    {
        Assert.False(StartupParameters.TryRead(Encoding.UTF8.GetBytes(body), Tracked, [], null, out _, out var error, out _));
        return error;
    }

    private static byte[] Body(params string[] pairs) => Encoding.UTF8.GetBytes(string.Concat(pairs.Select(text => text + '\0')) + '\0');
}
