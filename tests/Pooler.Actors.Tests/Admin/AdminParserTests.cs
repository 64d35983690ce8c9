using Pooler.Actors.Admin;

namespace Pooler.Actors.Tests.Admin;

public sealed class AdminParserTests
{
    [Theory]
    [InlineData("SHOW VERSION", "SHOW", "VERSION")]
    [InlineData(" SHOW VERSION", "SHOW", "VERSION")]
    [InlineData("\nshow\n\tversion\n;\n", "show", "version")]
    [InlineData("\"SHOW\" \"VERSION\" ;", "SHOW", "VERSION")]
    [InlineData("reload", "reload", "")]
    [InlineData("PAUSE;", "PAUSE", "")]
    [InlineData("PAUSE \"a\"\"b\"", "PAUSE", "a\"b")]
    [InlineData("PAUSE \"a.b-c <d>\"", "PAUSE", "a.b-c <d>")]
    [InlineData("PAUSE \"\"", "PAUSE", "")]
    [InlineData("PAUSE Db1", "PAUSE", "Db1")]
    [InlineData("\"\" x", "", "x")]
    [InlineData("SET client_encoding", "SET", "client_encoding")]
    public void Takes_plain_commands_apart(string text, string word, string argument)
    {
        Assert.Equal(new ParsedCommand(ParsedCommandKind.Command, word, argument), AdminParser.Parse(text));
    }

    [Theory]
    [InlineData("SET query_timeout = 1", "query_timeout", "1")]
    [InlineData("set   query_timeout   =   5  ; ", "query_timeout", "5")]
    [InlineData("SET query_timeout='1.5'", "query_timeout", "1.5")]
    [InlineData("SET query_timeout TO3", "query_timeout", "3")]
    [InlineData("SET query_timeout TO\"3\"", "query_timeout", "3")]
    [InlineData("SET query_timeout to'3'", "query_timeout", "3")]
    [InlineData("SET query_timeoutTO 3", "query_timeout", "3")]
    [InlineData("SET key to to", "key", "to")]
    [InlineData("SET \"query\"\"timeout\"=1", "query\"timeout", "1")]
    [InlineData("SET a = 'b'' c'", "a", "b' c")]
    [InlineData("SET a = '1;';", "a", "1;")]
    [InlineData("SET a = ''", "a", "")]
    [InlineData("SET a = \"\"", "a", "")]
    public void Takes_settings_apart(string text, string key, string value)
    {
        Assert.Equal(new ParsedCommand(ParsedCommandKind.Set, "SET", key, value), AdminParser.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ;")]
    [InlineData("SHOW\"POOLS\"")]
    [InlineData("SHOW pools;;")]
    [InlineData("SHOW pools; show pools")]
    [InlineData("SHOW VERSION --x")]
    [InlineData("SHOW a.b")]
    [InlineData("SHOW a''b")]
    [InlineData("SHOW\vVERSION")]
    [InlineData("PAUSE x y")]
    [InlineData("SET a=")]
    [InlineData("SET a TO ")]
    [InlineData("SETa=1")]
    [InlineData("SET query_timeout = 1.5")]
    [InlineData("SET x to to to")]
    [InlineData("SET a = '1';;")]
    [InlineData("SET a = 'b")]
    [InlineData("\u212A x;")]
    [InlineData("\u00e9")]
    public void Refuses_what_is_not_in_the_grammar(string text)
    {
        Assert.Equal(ParsedCommandKind.Invalid, AdminParser.Parse(text).Kind);
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public void Limits_the_command_word(int length, bool fits) => AssertFits(fits, new string('A', length));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Limits_the_argument(int length, bool fits)
    {
        AssertFits(fits, "SHOW " + new string('a', length));
        AssertFits(fits, "SHOW \"" + new string('a', length - 2) + "\"");
        AssertFits(fits, "SET " + new string('a', length) + "=1");
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Limits_the_value(int length, bool fits)
    {
        AssertFits(fits, "SET a=" + new string('v', length));
        AssertFits(fits, "SET a='" + new string('v', length - 2) + "'");
    }

    [Fact]
    public void Counts_bytes_not_characters() => AssertFits(false, "PAUSE \"" + new string('\u00e9', 31) + "\"");

    [Theory]
    [InlineData(' ')]
    [InlineData('a')]
    [InlineData('\'')]
    [InlineData('"')]
    public async Task Long_texts_take_no_long_time(char filler)
    {
        string longText = new(filler, ConsoleDialogue.MaxMessage);
        Task<ParsedCommandKind> parsing = Task.Run(() =>
        {
            AdminParser.Parse("SHOW a" + longText + "!");
            AdminParser.Parse("SET a=" + longText + "!");
            AdminParser.Parse("SET " + longText + "!");
            return AdminParser.Parse(longText + "!").Kind;
        });
        Assert.Equal(ParsedCommandKind.Invalid, await parsing.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private static void AssertFits(bool fits, string text) =>
        Assert.Equal(fits, AdminParser.Parse(text).Kind != ParsedCommandKind.BadArguments);
}
