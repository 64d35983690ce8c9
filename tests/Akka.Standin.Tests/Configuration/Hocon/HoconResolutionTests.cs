using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Standin.Tests.Configuration.Hocon;

/// <summary>Concatenation, substitutions that look back, +=, the environment: as HOCON.md defines them.</summary>
public sealed class HoconResolutionTests
{
    [Fact]
    public void Texts_join_with_the_space_between_them()
    {
        var config = ConfigurationFactory.ParseString("""
            x = one
            a = ${x} two
            b = ${x}"two"three
            c = "/"${x}/${x}
            d = a ${?missing} b
            e = a null b
            """);

        Assert.Equal("one two", config.GetString("a"));
        Assert.Equal("onetwothree", config.GetString("b"));
        Assert.Equal("/one/one", config.GetString("c"));
        Assert.Equal("a  b", config.GetString("d"));
        Assert.Equal("a null b", config.GetString("e"));
    }

    [Fact]
    public void Lists_append_and_objects_merge()
    {
        var config = ConfigurationFactory.ParseString("""
            base { x = 1, y = 1 }
            a = ${base} { y = 2 }
            b = [1] [2, 3]
            c = ${b} [4]
            d = { x = 1 } { y = 2 }
            """);

        Assert.Equal(1, config.GetInt("a.x"));
        Assert.Equal(2, config.GetInt("a.y"));
        Assert.Equal([1, 2, 3, 4], config.GetIntList("c"));
        Assert.Equal(1, config.GetInt("d.x"));
        Assert.Equal(2, config.GetInt("d.y"));
    }

    [Fact]
    public void An_object_merges_with_a_substitution_before_it()
    {
        var config = ConfigurationFactory.ParseString("a = ${base}\na { y = 2 }\nbase { x = 1, y = 1 }\nb = ${a.x}${a.y}");

        Assert.Equal(1, config.GetInt("a.x"));
        Assert.Equal(2, config.GetInt("a.y"));
        Assert.Equal("12", config.GetString("b"));
    }

    [Fact]
    public void A_self_reference_looks_back()
    {
        var config = ConfigurationFactory.ParseString("""
            path = one
            path = ${path}":two"
            path = ${path}":three"
            list = [1]
            list = ${list} [2]
            section { x = 1 }
            section = ${section} { y = ${section.x} }
            """);

        Assert.Equal("one:two:three", config.GetString("path"));
        Assert.Equal([1, 2], config.GetIntList("list"));
        Assert.Equal(1, config.GetInt("section.y"));
    }

    [Fact]
    public void Fields_of_one_object_may_refer_to_each_other()
    {
        var config = ConfigurationFactory.ParseString("a { x = ${a.y}, y = 5, z { w = ${a.x} } }");

        Assert.Equal(5, config.GetInt("a.z.w"));
    }

    [Fact]
    public void The_last_value_counts_wherever_the_substitution_stands()
    {
        var config = ConfigurationFactory.ParseString("a = ${x}\nx = 1\nx = 2");

        Assert.Equal(2, config.GetInt("a"));
    }

    [Fact]
    public void Plus_equals_appends()
    {
        var config = ConfigurationFactory.ParseString("""
            a += 1
            a += 2
            b { c = [x] }
            b.c += y
            b { c += "z z" }
            """);

        Assert.Equal([1, 2], config.GetIntList("a"));
        Assert.Equal(["x", "y", "z z"], config.GetStringList("b.c"));
    }

    [Fact]
    public void An_optional_substitution_may_be_missing()
    {
        var config = ConfigurationFactory.ParseString("""
            a = ${?missing.path}
            b = 1
            b = ${?missing.path}
            c = [1, ${?missing.path}, 2]
            """);

        Assert.False(config.HasPath("a"));
        Assert.Equal(1, config.GetInt("b"));
        Assert.Equal([1, 2], config.GetIntList("c"));
    }

    [Fact]
    public void The_environment_answers_for_what_the_text_does_not_define()
    {
        var name = "POOLER_TEST_" + Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(name, "from outside");
        try
        {
            var config = ConfigurationFactory.ParseString($"a = ${{{name}}}\nb = ${{?{name}}}");

            Assert.Equal("from outside", config.GetString("a"));
            Assert.Equal("from outside", config.GetString("b"));
            Assert.Equal("own", ConfigurationFactory.ParseString($"{name} = own\na = ${{{name}}}").GetString("a"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void Null_hides_what_a_fallback_has()
    {
        var config = ConfigurationFactory.ParseString("a = null").WithFallback(ConfigurationFactory.ParseString("a = 1"));

        Assert.False(config.HasPath("a"));
        Assert.Equal(3, config.GetInt("a", 3));
    }

    [Fact]
    public void An_include_sees_its_own_callback_and_merges()
    {
        var files = new Dictionary<string, string>
        {
            ["outer.conf"] = "x = 1\ninclude \"inner.conf\"\nsection { a = outer }",
            ["inner.conf"] = "y = 2\nsection { a = inner, b = inner }",
        };
        var config = ConfigurationFactory.ParseString("include file(\"outer.conf\")\nz = ${x}${section.b}", Include);

        Assert.Equal("1inner", config.GetString("z"));
        Assert.Equal("outer", config.GetString("section.a"));
        Assert.Equal(2, config.GetInt("y"));

        HoconRoot Include(string name) => Parser.Parse(files[name], Include!);
    }

    [Fact]
    public void Include_is_a_key_where_no_name_follows()
    {
        var config = ConfigurationFactory.ParseString("include = 1\na { include { b = 2 } }\nincluded.x = 3");

        Assert.Equal(1, config.GetInt("include"));
        Assert.Equal(2, config.GetInt("a.include.b"));
        Assert.Equal(3, config.GetInt("included.x"));
    }

    [Fact]
    public void Wildcards_and_slashes_are_plain_keys()
    {
        var config = ConfigurationFactory.ParseString("deployment { /pooler/auth/* { dispatcher = x }, /pooler/** { dispatcher = y } }");

        Assert.Equal(["/pooler/**", "/pooler/auth/*"], config.GetConfig("deployment")!.AsEnumerable().Select(pair => pair.Key).Order());
    }

    [Fact]
    public void Printing_quotes_what_needs_it()
    {
        var config = ConfigurationFactory.ParseString("\"a.b\" { \"c d\" = \"1 \\\" 2\\n\", e = null, f = \"null\", g {} }");

        Assert.Equal("\"a.b\" {\n  \"c d\" = \"1 \\\" 2\\n\"\n  e = null\n  f = \"null\"\n  g {}\n}", config.ToString());
        Assert.Equal(config.ToString(), ConfigurationFactory.ParseString(config.ToString()).ToString());
    }

    [Fact]
    public void Printing_shows_the_fallback_on_request()
    {
        var config = ConfigurationFactory.ParseString("a { x = 1 }").WithFallback(ConfigurationFactory.ParseString("a { y = 2 }"));

        Assert.Equal("a {\n  x = 1\n}", config.ToString());
        Assert.Equal("a {\n  x = 1\n  y = 2\n}", config.ToString(includeFallback: true));
    }
}
