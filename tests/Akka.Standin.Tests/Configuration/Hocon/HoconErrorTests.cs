using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Standin.Tests.Configuration.Hocon;

/// <summary>Every mistake in a text is an error that says where it is. (The texts of the messages are the stand-in's own.)</summary>
public sealed class HoconErrorTests
{
    [Theory]
    [InlineData("a {\n  b = 1", "A '{' is not closed (line 1, column 4)")]
    [InlineData("a = [1, 2", "A '[' is not closed (line 1, column 5)")]
    [InlineData("a = 1\n}", "A '}' has no '{' (line 2, column 1)")]
    [InlineData("{ a = 1 } b = 2", "Nothing may follow the document, but 'b' does (line 1, column 11)")]
    [InlineData("[1]", "The outermost value must be an object, not a list (line 1, column 1)")]
    [InlineData("a = \"open\nb = 1", "A quote is not closed on its line (line 1, column 5)")]
    [InlineData("a = \"\"\"open", "A triple quote is not closed (line 1, column 5)")]
    [InlineData("a = \"\\q\"", "\\q is not an escape; write \\\\ for a backslash (line 1, column 6)")]
    [InlineData("a = \"\\u12\"", "\\u needs four hexadecimal digits (line 1, column 6)")]
    [InlineData("x = 1\na = ${b", "A substitution is not closed with '}' (line 2, column 5)")]
    [InlineData("a = 5$", "A '$' must be quoted or begin a substitution such as ${a.b} (line 1, column 6)")]
    [InlineData("= 1", "A key is expected, not '=' (line 1, column 1)")]
    [InlineData("a b\nc = 1", "The key 'a b' must be followed by '=', ':', '+=' or '{', not by 'c' (line 2, column 1)")]
    [InlineData("a = , b = 1", "A value is expected, not ',' (line 1, column 5)")]
    [InlineData("a = http://x", "Text with ':' in it must be quoted (line 1, column 9)")]
    [InlineData("a = [x:y]", "Text with ':' in it must be quoted (line 1, column 7)")]
    [InlineData("a = x { b = 1 }", "Texts, lists and objects cannot be written next to each other (line 1, column 7)")]
    [InlineData("a = [1] x", "Texts, lists and objects cannot be written next to each other (line 1, column 9)")]
    [InlineData("include \"x\"", "The text includes \"x\", but it was parsed without an include callback (line 1, column 1)")]
    [InlineData("a = ${b.c}", "The substitution ${b.c} is defined neither before or elsewhere in the text nor in the environment (line 1, column 5)")]
    public void Broken_text_is_refused_with_its_position(string text, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(text));

        Assert.Equal(message.Replace("'a b'", "'\"a b\"'", StringComparison.Ordinal), error.Message);
    }

    [Theory]
    [InlineData("a = ${a}")]
    [InlineData("a = ${b}\nb = ${a}")]
    [InlineData("a = ${b.x}\nb = ${a.x}")]
    [InlineData("a { b = ${a} }")]
    public void Substitutions_that_go_round_in_a_circle_are_refused(string text)
    {
        Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(text));
    }

    [Fact]
    public void Nesting_has_a_limit()
    {
        Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString("a = " + new string('[', 100_000)));
        Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(string.Concat(Enumerable.Repeat("a {", 100_000))));
        Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(string.Concat(Enumerable.Repeat("a.", 100_000)) + "b = 1"));
        Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(
            string.Join('\n', Enumerable.Range(0, 100_000).Select(i => $"a{i} = ${{a{i + 1}}}")) + "\na100000 = 1"));
    }

    [Fact]
    public void A_required_include_must_be_there()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => ConfigurationFactory.ParseString("\ninclude required(file(\"x\"))", _ => (HoconRoot?)null!));

        Assert.Equal("The required include \"x\" was not found (line 2, column 1)", error.Message);
        Assert.True(ConfigurationFactory.ParseString("include \"x\"", _ => (HoconRoot?)null!).IsEmpty);
    }

    [Theory]
    [InlineData("a.b = abc", "a.b is 'abc', which is not a whole number in range (line 1, column 7)")]
    [InlineData("a { b = [1] }", "a.b is a list, which is not a whole number in range (line 1, column 9)")]
    [InlineData("a { b { } }", "a.b is an object, which is not a whole number in range (line 1, column 7)")]
    public void A_value_of_another_kind_is_named(string text, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(text).GetInt("a.b"));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Each_kind_of_value_has_its_message()
    {
        var config = ConfigurationFactory.ParseString("a = x\nb = -1s\nc { }");

        Assert.Contains("one of on, off", Assert.Throws<ConfigurationException>(() => config.GetBoolean("a")).Message, StringComparison.Ordinal);
        Assert.Contains("a number", Assert.Throws<ConfigurationException>(() => config.GetDouble("a")).Message, StringComparison.Ordinal);
        Assert.Contains("a duration", Assert.Throws<ConfigurationException>(() => config.GetTimeSpan("b")).Message, StringComparison.Ordinal);
        Assert.Contains("a size", Assert.Throws<ConfigurationException>(() => config.GetByteSize("a")).Message, StringComparison.Ordinal);
        Assert.Contains("a list", Assert.Throws<ConfigurationException>(() => config.GetStringList("a")).Message, StringComparison.Ordinal);
        Assert.Contains("a text", Assert.Throws<ConfigurationException>(() => config.GetString("c")).Message, StringComparison.Ordinal);
        Assert.Contains("an object", Assert.Throws<ConfigurationException>(() => config.GetConfig("a")).Message, StringComparison.Ordinal);
    }
}
