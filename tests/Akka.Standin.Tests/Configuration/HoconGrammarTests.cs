using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Standin.Tests.Configuration;

/// <summary>The grammar: comments, separators, keys, texts, substitutions, includes.</summary>
public sealed class HoconGrammarTests
{
    [Fact]
    public void Comments_are_skipped()
    {
        var config = ConfigurationFactory.ParseString("""
            # first
            a = 1 # behind
            // second
            b = 2 // behind
            c = "#not // a comment"
            """);

        Assert.Equal(1, config.GetInt("a"));
        Assert.Equal(2, config.GetInt("b"));
        Assert.Equal("#not // a comment", config.GetString("c"));
    }

    [Fact]
    public void Separators_are_interchangeable()
    {
        var config = ConfigurationFactory.ParseString("{ a : 1, b = 2\n c { d : 3 }, e : { f = 4 } , }");

        Assert.Equal([1, 2, 3, 4], new[] { "a", "b", "c.d", "e.f" }.Select(path => config.GetInt(path)));
    }

    [Fact]
    public void Objects_of_one_key_merge_and_values_replace()
    {
        var config = ConfigurationFactory.ParseString("""
            a { x = 1, y = 1 }
            a { y = 2 }
            a.z = 3
            b = 1
            b = 2
            """);

        Assert.Equal(1, config.GetInt("a.x"));
        Assert.Equal(2, config.GetInt("a.y"));
        Assert.Equal(3, config.GetInt("a.z"));
        Assert.Equal(2, config.GetInt("b"));
    }

    [Fact]
    public void Quotes_keep_dots_in_a_key()
    {
        var config = ConfigurationFactory.ParseString("""
            a."b.c".d = 1
            deployment { "/x.y/*" { dispatcher = d1 }, /plain { dispatcher = d2 } }
            """);

        Assert.Equal(1, config.GetInt("a.\"b.c\".d"));
        Assert.Equal("d1", config.GetString("deployment.\"/x.y/*\".dispatcher"));
        Assert.Equal("d2", config.GetString("deployment./plain.dispatcher"));
        Assert.Equal(["/plain", "/x.y/*"], config.GetConfig("deployment")!.AsEnumerable().Select(pair => pair.Key.Trim('"')).Order());
    }

    [Fact]
    public void Unquoted_text_keeps_its_inner_spaces_only()
    {
        Assert.Equal("one  two", ConfigurationFactory.ParseString("a =   one  two   \nb = 1").GetString("a"));
    }

    [Fact]
    public void Quoted_text_has_escapes()
    {
        Assert.Equal("a\"b\\c\nd\u00e4", ConfigurationFactory.ParseString("""a = "a\"b\\c\nd\u00e4" """).GetString("a"));
    }

    [Fact]
    public void Triple_quotes_take_everything()
    {
        var config = ConfigurationFactory.ParseString("a = \"\"\"one\n \"two\" \\n\"\"\"\nb = 1");

        Assert.Equal("one\n \"two\" \\n", config.GetString("a"));
        Assert.Equal(1, config.GetInt("b"));
    }

    [Fact]
    public void Windows_line_ends_are_line_ends()
    {
        var config = ConfigurationFactory.ParseString("a = x\r\nb {\r\n  c = [1\r\n2]\r\n}\r\n");

        Assert.Equal("x", config.GetString("a"));
        Assert.Equal([1, 2], config.GetIntList("b.c"));
    }

    [Fact]
    public void A_substitution_takes_a_value_from_elsewhere()
    {
        var config = ConfigurationFactory.ParseString("""
            size = 5
            a { b = ${size}, c = [${size}, 6], d = ${defaults} }
            defaults { x = 1 }
            """);

        Assert.Equal(5, config.GetInt("a.b"));
        Assert.Equal([5, 6], config.GetIntList("a.c"));
        Assert.Equal(1, config.GetInt("a.d.x"));
    }

    [Fact]
    public void A_substitution_that_nothing_defines_is_an_error()
    {
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString("a = ${not.there}").GetString("a"));
    }

    [Fact]
    public void An_include_asks_its_callback()
    {
        var config = ConfigurationFactory.ParseString(
            "include \"one\"\nsub { include \"two\" }\nb = 9",
            name => Parser.Parse(name == "one" ? "a = 1\nb = 2" : "c = 3", null!));

        Assert.Equal(1, config.GetInt("a"));
        Assert.Equal(9, config.GetInt("b"));
        Assert.Equal(3, config.GetInt("sub.c"));
    }
}
