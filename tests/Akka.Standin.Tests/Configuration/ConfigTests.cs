using Akka.Configuration;

namespace Akka.Standin.Tests.Configuration;

/// <summary>Reading settings out of a configuration and its fallbacks.</summary>
public sealed class ConfigTests
{
    [Fact]
    public void Values_are_found_by_dotted_path()
    {
        var config = ConfigurationFactory.ParseString("a { b { c = text } }\nx.y = 5");

        Assert.Equal("text", config.GetString("a.b.c"));
        Assert.Equal(5, config.GetInt("x.y"));
        Assert.Equal(5L, config.GetLong("x.y"));
        Assert.True(config.HasPath("a.b"));
        Assert.False(config.HasPath("a.c"));
    }

    [Fact]
    public void A_missing_value_is_the_default()
    {
        var config = ConfigurationFactory.ParseString("a = 1");

        Assert.Null(config.GetString("b"));
        Assert.Equal("x", config.GetString("b", "x"));
        Assert.Equal(7, config.GetInt("b", 7));
        Assert.Equal(8L, config.GetLong("b", 8));
        Assert.Equal(1.5, config.GetDouble("b", 1.5));
        Assert.True(config.GetBoolean("b", true));
        Assert.Equal(TimeSpan.FromSeconds(3), config.GetTimeSpan("b", TimeSpan.FromSeconds(3)));
        Assert.Null(config.GetByteSize("b", null));
        Assert.Empty(config.GetStringList("b"));
        Assert.Equal(["q"], config.GetStringList("b", ["q"]));
    }

    [Fact]
    public void A_missing_section_is_null_or_empty()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1 }");

        Assert.True(config.GetConfig("x").IsNullOrEmpty());
        Assert.False(config.GetConfig("a").IsNullOrEmpty());
        Assert.True(ConfigurationFactory.Empty.IsNullOrEmpty());
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    public void Switches_have_three_spellings(string text, bool expected)
    {
        Assert.Equal(expected, ConfigurationFactory.ParseString($"a = {text}").GetBoolean("a", !expected));
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("500ms", 500)]
    [InlineData("500", 500)]
    [InlineData("1 minute", 60_000)]
    [InlineData("2 hours", 7_200_000)]
    [InlineData("1.5 s", 1_500)]
    [InlineData("1d", 86_400_000)]
    [InlineData("0", 0)]
    public void Durations_have_units(string text, double milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ConfigurationFactory.ParseString($"a = {text}").GetTimeSpan("a"));
    }

    [Fact]
    public void A_duration_can_be_infinite()
    {
        var config = ConfigurationFactory.ParseString("a = infinite");

        Assert.Equal(Timeout.InfiniteTimeSpan, config.GetTimeSpan("a"));
        Assert.ThrowsAny<Exception>(() => config.GetTimeSpan("a", null, allowInfinite: false));
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10b", 10)]
    [InlineData("128k", 131_072)]
    [InlineData("128 KiB", 131_072)]
    [InlineData("2kB", 2_000)]
    [InlineData("1 MiB", 1_048_576)]
    [InlineData("3m", 3_145_728)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("1g", 1_073_741_824)]
    public void Sizes_have_units(string text, long bytes)
    {
        Assert.Equal(bytes, ConfigurationFactory.ParseString($"a = {text}").GetByteSize("a", null));
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-2", -2)]
    [InlineData("1e3", 1000)]
    public void Numbers_are_invariant(string text, double expected)
    {
        Assert.Equal(expected, ConfigurationFactory.ParseString($"a = {text}").GetDouble("a"));
    }

    [Fact]
    public void Lists_are_read_element_by_element()
    {
        var config = ConfigurationFactory.ParseString("""
            a = [x, "y z"]
            b = [
              1
              2,
              3
            ]
            c = [on, off]
            d = []
            """);

        Assert.Equal(["x", "y z"], config.GetStringList("a"));
        Assert.Equal([1, 2, 3], config.GetIntList("b"));
        Assert.Equal([1L, 2L, 3L], config.GetLongList("b"));
        Assert.Equal([true, false], config.GetBooleanList("c"));
        Assert.Empty(config.GetStringList("d"));
    }

    [Fact]
    public void A_fallback_answers_for_what_is_missing()
    {
        var config = ConfigurationFactory.ParseString("a { x = 1 }")
            .WithFallback(ConfigurationFactory.ParseString("a { x = 2, y = 3 }"))
            .WithFallback(ConfigurationFactory.ParseString("a { z = 4 }\nb = 5"));

        Assert.Equal(1, config.GetInt("a.x"));
        Assert.Equal(3, config.GetInt("a.y"));
        Assert.Equal(4, config.GetInt("a.z"));
        Assert.Equal(5, config.GetInt("b"));
        Assert.Equal(["a", "b"], config.AsEnumerable().Select(pair => pair.Key).Order());
    }

    [Fact]
    public void A_section_keeps_its_fallbacks()
    {
        var section = ConfigurationFactory.ParseString("a { x = 1 }")
            .WithFallback(ConfigurationFactory.ParseString("a { x = 2, y = 3 }"))
            .GetConfig("a");

        Assert.Equal(1, section!.GetInt("x"));
        Assert.Equal(3, section.GetInt("y"));
    }

    [Fact]
    public void A_section_may_be_in_the_fallback_only()
    {
        var config = ConfigurationFactory.ParseString("b = 1").WithFallback(ConfigurationFactory.ParseString("a { y = 3 }"));

        Assert.Equal(3, config.GetConfig("a")!.GetInt("y"));
    }

    [Fact]
    public void A_fallback_does_not_change_the_configuration_that_gets_it()
    {
        var first = ConfigurationFactory.ParseString("a = 1");
        var second = first.WithFallback(ConfigurationFactory.ParseString("b = 2"));

        Assert.False(first.HasPath("b"));
        Assert.True(second.HasPath("b"));
    }

    [Fact]
    public void A_missing_configuration_takes_the_fallback_safely()
    {
        var fallback = ConfigurationFactory.ParseString("b = 2");

        Assert.Equal(2, ((Config)null!).SafeWithFallback(fallback).GetInt("b"));
        Assert.Equal(2, ConfigurationFactory.ParseString("a = 1").SafeWithFallback(fallback).GetInt("b"));
    }

    [Fact]
    public void Text_becomes_a_configuration_by_itself()
    {
        Config config = "a.b = 1";

        Assert.Equal(1, config.GetInt("a.b"));
    }

    [Fact]
    public void What_is_printed_reads_back_the_same()
    {
        var config = ConfigurationFactory.ParseString("""
            a { b = 1, c = "x y", d = [1, 2], e = "" }
            f = "http://example"
            """);
        var again = ConfigurationFactory.ParseString(config.ToString());

        Assert.Equal(1, again.GetInt("a.b"));
        Assert.Equal("x y", again.GetString("a.c"));
        Assert.Equal([1, 2], again.GetIntList("a.d"));
        Assert.Equal("http://example", again.GetString("f"));
    }

    [Theory]
    [InlineData("a = abc")]
    [InlineData("a = 99999999999")]
    [InlineData("a = 1.5")]
    public void What_is_not_a_number_is_an_error(string text)
    {
        Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString(text).GetInt("a"));
    }

    [Fact]
    public void A_system_has_defaults()
    {
        var config = ConfigurationFactory.Default();

        Assert.Equal("INFO", config.GetString("akka.loglevel"));
        Assert.Equal(30, config.GetInt("akka.actor.default-dispatcher.throughput"));
        Assert.Equal(TimeSpan.FromSeconds(5), config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout"));
    }
}
