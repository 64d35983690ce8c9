using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class ParameterValuesTests
{
    private static readonly TrackedParameters Tracked = new(["IntervalStyle", "search_path", "datestyle", ""]);

    [Fact]
    public void Extra_names_follow_the_five_and_are_not_repeated()
    {
        Assert.Equal(
            ["DateStyle", "client_encoding", "TimeZone", "standard_conforming_strings", "application_name", "IntervalStyle", "search_path"],
            Tracked.Names.ToArray());
        Assert.Equal(2, Tracked.IndexOf("TIMEZONE"));
        Assert.Equal(2, Tracked.IndexOf("timezone"u8));
        Assert.Equal(-1, Tracked.IndexOf("timezon"u8));
        Assert.Equal(-1, Tracked.IndexOf(""u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ISO, MDY")]
    [InlineData("é")]
    [InlineData("long ", 1000)]
    [InlineData("très long ", 1000)]
    public void Equal_values_are_one_string(string text, int times = 1)
    {
        text = string.Concat(Enumerable.Repeat(text, times));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(text, Tracked.Share(bytes));
        Assert.Same(Tracked.Share(bytes), Tracked.Share(bytes));
    }

    [Fact]
    public void Values_in_use_stay_shared_and_invented_ones_are_forgotten()
    {
        var tracked = new TrackedParameters([]);
        var used = tracked.Share("UTC"u8);
        var first = tracked.Share("not for long"u8);
        var junk = new string('x', 1000);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal($"{junk}{i}", tracked.Share(Encoding.ASCII.GetBytes($"{junk}{i}")));
            Assert.Same(used, tracked.Share("UTC"u8));
        }

        Assert.NotSame(first, tracked.Share("not for long"u8));
    }

    [Fact]
    public void Clients_with_the_same_values_keep_them_in_one_place_until_they_change_them()
    {
        var clients = Enumerable.Range(0, 3).Select(_ => Values(("TimeZone", "UTC"), ("application_name", new string('n', 5000)))).ToArray();
        foreach (var client in clients)
        {
            client.FillUnset(Values(("DateStyle", "ISO, MDY")));
            client.Share();
            Assert.True(client.SharesAllWith(clients[0]));
        }

        clients[0][2] = "Asia/Tokyo";
        Assert.Equal("Asia/Tokyo", clients[0]["TimeZone"]);
        Assert.Equal("UTC", clients[1]["TimeZone"]);
        Assert.False(clients[0].SharesAllWith(clients[1]));
        clients[0].Share();
        clients[1].CopyCanonical(clients[0]);
        Assert.Equal("Asia/Tokyo", clients[1]["TimeZone"]);
        Assert.Equal("UTC", clients[2]["TimeZone"]);
        Assert.True(clients[1].SharesAllWith(clients[0]));
        Assert.False(clients[2].SharesAllWith(clients[0]));
    }

    [Fact]
    public void Values_beyond_Ascii_are_set_when_the_encoding_is_the_clients()
    {
        var client = Values(("client_encoding", "LATIN1"), ("TimeZone", "UTC"));
        Assert.True(client.TrySet("application_name"u8, [(byte)'c', 0xE9]));
        var server = Values(("client_encoding", "UTF8"), ("TimeZone", "GMT"), ("application_name", ""));
        using var writer = new MessageWriter();
        Assert.Equal(2, client.WriteDifferences(writer, server));
        using var expected = new MessageWriter();
        expected.WriteQuery("SET client_encoding='LATIN1';");
        expected.WriteQuery("SET TimeZone='UTC';SET application_name='c\udce9';");
        Assert.Equal(expected.Written, writer.Written);
        server.TrySet("client_encoding"u8, "latin1"u8);
        writer.Reset();
        Assert.Equal(1, client.WriteDifferences(writer, server));
    }

    [Fact]
    public void Only_values_that_differ_in_more_than_case_are_set()
    {
        var client = Values(("DateStyle", "iso, mdy"), ("TimeZone", "Europe/Berlin"), ("application_name", "psql"));
        var server = Values(("DateStyle", "ISO, MDY"), ("TimeZone", "UTC"), ("application_name", ""));

        Assert.Equal("SET TimeZone='Europe/Berlin';SET application_name='psql';", Differences(client, server));
        Assert.Equal("SET TimeZone='Europe/Berlin';SET application_name='psql';", client.DescribeDifferences(server));
        Assert.False(client.Matches(server));
    }

    [Fact]
    public void What_one_side_does_not_have_is_not_set()
    {
        Assert.Null(Differences(Values(("IntervalStyle", "iso_8601")), Values()));
        Assert.Null(Differences(Values(), Values(("IntervalStyle", "postgres"))));
        Assert.True(Values().Matches(Values(("IntervalStyle", "postgres"))));
    }

    [Fact]
    public void Case_of_letters_outside_ASCII_counts()
    {
        Assert.NotNull(Differences(Values(("TimeZone", "É")), Values(("TimeZone", "é"))));
        Assert.NotNull(Differences(Values(("TimeZone", "[")), Values(("TimeZone", "{"))));
        Assert.NotNull(Differences(Values(("TimeZone", "@")), Values(("TimeZone", "`"))));
    }

    [Theory]
    [InlineData("search_path", "\"Tenant\"", "\"TENANT\"", "SET search_path=\"Tenant\";")]
    [InlineData("application_name", "Tenant", "tenant", "SET application_name='Tenant';")]
    public void Case_counts_where_it_makes_another_name(string name, string mine, string theirs, string set) =>
        Assert.Equal(set, Differences(Values((name, mine)), Values((name, theirs))));

    [Theory]
    [InlineData("", "''")]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("'; DROP TABLE t; --", "'''; DROP TABLE t; --'")]
    [InlineData("a\\b", "E'a\\\\b'")]
    [InlineData("\\'; --", "E'\\\\''; --'")]
    [InlineData("\"x\"", "'\"x\"'")]
    public void Values_are_quoted(string value, string literal)
    {
        Assert.Equal($"SET application_name={literal};", Differences(Values(("application_name", value)), Values(("application_name", "other"))));
    }

    [Theory]
    [InlineData("\"$user\", public", "\"$user\", 'public'")]
    [InlineData("\"\"", "''")]
    [InlineData("", "''")]
    [InlineData("a,\"\",b", "'a','','b'")]
    [InlineData("\"a\"\"b\"", "\"a\"\"b\"")]
    [InlineData("\"\"\"\"", "\"\"\"\"")]
    [InlineData("\"a;b'c\\\", d", "\"a;b'c\\\", 'd'")]
    [InlineData(" a , b ", " 'a' , 'b' ")]
    [InlineData("$user,Public", "'$user','public'")]
    [InlineData("default", "'default'")]
    [InlineData("Order, user", "'order', 'user'")]
    [InlineData("Ünï, a", "Ünï, 'a'")]
    [InlineData("É-A", "'É-a'")]
    [InlineData("1a", "'1a'")]
    [InlineData("x; DROP TABLE t", "'x; DROP TABLE t'")]
    [InlineData("x;DROP", "'x;drop'")]
    [InlineData("x--", "'x--'")]
    [InlineData("x/*", "'x/*'")]
    [InlineData("'x'", "'''x'''")]
    [InlineData("a b", "'a b'")]
    [InlineData("\"a", "'\"a'")]
    [InlineData("\"a\"b", "'\"a\"b'")]
    [InlineData("a,", "'a,'")]
    [InlineData(",a", "',a'")]
    [InlineData("a,,b", "'a,,b'")]
    [InlineData("a\\", "E'a\\\\'")]
    public void A_search_path_is_a_list_and_nothing_but_a_list(string value, string literal)
    {
        Assert.Equal($"SET search_path={literal};", Differences(Values(("search_path", value)), Values(("search_path", "other"))));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(300)]
    [InlineData(70_000)]
    public void Values_of_any_length_are_set_whole(int length)
    {
        var value = new string('v', length);

        Assert.Equal($"SET application_name='{value}';", Differences(Values(("application_name", value)), Values(("application_name", ""))));
        Assert.Equal($"SET search_path='{value}';", Differences(Values(("search_path", value)), Values(("search_path", ""))));
    }

    [Fact]
    public void Canonical_values_end_the_setting()
    {
        var client = Values(("DateStyle", "ISO"), ("TimeZone", "utc"));
        var server = Values(("DateStyle", "ISO, MDY"), ("TimeZone", "UTC"), ("IntervalStyle", "postgres"));
        Assert.NotNull(Differences(client, server));

        client.CopyCanonical(server);

        Assert.Null(Differences(client, server));
        Assert.Equal("UTC", client["TimeZone"]);
        Assert.Null(client["IntervalStyle"]);
    }

    [Fact]
    public void The_welcome_fills_what_the_client_did_not_ask_for()
    {
        var client = Values(("DateStyle", "German"));
        client.FillUnset(Values(("DateStyle", "ISO"), ("TimeZone", "UTC")));

        Assert.Equal("German", client["DateStyle"]);
        Assert.Equal("UTC", client["TimeZone"]);
        using var writer = new MessageWriter();
        client.WriteParameterStatuses(writer);
        Assert.Equal("S\0\0\0\u0015DateStyle\0German\0S\0\0\0\u0011TimeZone\0UTC\0", Encoding.ASCII.GetString(writer.Written));
    }

    [Fact]
    public void A_clone_has_its_own_values()
    {
        var first = Values(("TimeZone", "UTC"));
        var second = first.Clone();
        second[2] = "GMT";

        Assert.Equal("UTC", first["TimeZone"]);
        Assert.Equal("GMT", second["TimeZone"]);
    }

    [Fact]
    public void Comparing_equal_values_allocates_nothing()
    {
        var client = Values(("DateStyle", "iso"), ("TimeZone", "UTC"));
        var server = Values(("DateStyle", "ISO"), ("TimeZone", "UTC"));
        using var writer = new MessageWriter();
        client.WriteDifferences(writer, server);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            client.WriteDifferences(writer, server);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ParameterValues Values(params (string Name, string Value)[] pairs)
    {
        var values = new ParameterValues(Tracked);
        foreach (var (name, value) in pairs)
        {
            Assert.True(values.TrySet(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));
        }

        return values;
    }

    private static string? Differences(ParameterValues client, ParameterValues server)
    {
        using var writer = new MessageWriter();
        if (client.WriteDifferences(writer, server) == 0)
        {
            Assert.Equal(0, writer.Length);
            return null;
        }

        Assert.Equal(FrameStatus.Ok, FrameHeader.TryRead(writer.Written, int.MaxValue, out var header));
        Assert.Equal(FrontendMessage.Query, header.Type);
        Assert.Equal(writer.Length, header.Length);
        var reader = new MessageReader(writer.Written[FrameHeader.Size..]);
        Assert.True(reader.TryReadCString(out var text));
        Assert.True(reader.AtEnd);
        return Encoding.UTF8.GetString(text);
    }
}
