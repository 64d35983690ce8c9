using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class IniGrammarTests
{
    [Theory]
    [InlineData("[pgbouncer]\ndefault_pool_size=7")]
    [InlineData("\n\n  [pgbouncer]\n\t default_pool_size\t= \t7 \t\n")]
    [InlineData("; comment\n# comment\n[pgbouncer]\r\ndefault_pool_size = 7\r\n\r\n")]
    [InlineData("[pgbouncer] default_pool_size = 7")]
    [InlineData("[databases]\n[pgbouncer]\n'default_pool_size' = 7\n")]
    [InlineData("[pgbouncer]\ndefault_pool_size = 3\ndefault_pool_size = 7\n")]
    [InlineData("[pgbouncer]\nlogfile =\n\n\ndefault_pool_size = 7\n")]
    public void ReadsStatements(string text)
    {
        Assert.Equal(7, Load(text).Global.DefaultPoolSize);
    }

    [Theory]
    [InlineData("a b ; not a comment # either", "a b ; not a comment # either")]
    [InlineData("  x = 'y'  ", "x = 'y'")]
    [InlineData("", "")]
    public void ValueIsTheRestOfTheLineTrimmed(string written, string expected)
    {
        Assert.Equal(expected, Load($"[pgbouncer]\nserver_reset_query ={written}\nverbose=1").Global.ServerResetQuery);
    }

    [Theory]
    [InlineData("'my-db' = host=x", "my-db")]
    [InlineData("'my db; [x] = \"y\"' = host=x", "my db; [x] = \"y\"")]
    [InlineData("a.b-c_D9 = host=x", "a.b-c_D9")]
    public void KeysMayBeQuotedOrPlain(string line, string name)
    {
        Assert.Equal([name], Load($"[databases]\n{line}\n[pgbouncer]").Databases.Keys);
    }

    [Theory]
    [InlineData("\"my-db\" = host=x")]
    [InlineData("'my-db = host=x")]
    [InlineData("'' = host=x")]
    [InlineData("= host=x")]
    [InlineData("my db = host=x")]
    [InlineData("db")]
    [InlineData("[users")]
    [InlineData("%includefile")]
    [InlineData("%include")]
    public void NamesTheLineOfASyntaxError(string line)
    {
        Assert.Equal(
            ["syntax error in configuration (test.ini:5), stopping loading"],
            Errors($"[pgbouncer]\n\n\n[databases]\n{line}\n[nonsense]\n"));
    }

    [Fact]
    public void IncludesCarryTheSectionInAndOut()
    {
        MemoryFiles files = new()
        {
            ["test.ini"] = "[pgbouncer]\nverbose = 1\n%include \t one.ini  \nb = host=y\n",
            ["one.ini"] = "default_pool_size = 7\n[databases]\na = host=x\n",
        };
        PoolerSettings settings = new SettingsLoader(files).Load("test.ini").Settings!;

        Assert.Equal(7, settings.Global.DefaultPoolSize);
        Assert.Equal(["a", "b"], settings.Databases.Keys.Order());
    }

    [Fact]
    public void ErrorsNameTheInnermostFileAndEveryIncludeOnTheWay()
    {
        MemoryFiles files = new()
        {
            ["test.ini"] = "[pgbouncer]\n%include one.ini\n",
            ["one.ini"] = "\n\n%include two.ini\n",
            ["two.ini"] = "verbose = x\n",
        };
        string[] includes =
        [
            "error processing include file in configuration (one.ini:3), stopping loading",
            "error processing include file in configuration (test.ini:2), stopping loading",
        ];

        Assert.Equal(["invalid value \"x\" for parameter verbose in configuration (two.ini:1)", .. includes], Errors(files));

        files["two.ini"] = "verbose\n";
        Assert.Equal(["syntax error in configuration (two.ini:1), stopping loading", .. includes], Errors(files));

        files["two.ini"] = "[nonsense]\n";
        Assert.Equal(["invalid section \"nonsense\" in configuration (two.ini:1)", .. includes], Errors(files));

        files.Remove("two.ini");
        Assert.Equal(["could not load file \"two.ini\": No such file or directory", .. includes], Errors(files));
    }

    [Fact]
    public void TheFirstErrorIsReportedEvenIfTheGrammarBreaksLater()
    {
        Assert.Equal(
            ["invalid value \"x\" for parameter verbose in configuration (test.ini:2)"],
            Errors("[pgbouncer]\nverbose = x\nnonsense\n"));
    }

    [Fact]
    public void IncludesNestTenDeepAndNoDeeper()
    {
        MemoryFiles files = new() { ["test.ini"] = "[pgbouncer]\n%include 1\n" };
        for (int i = 1; i < 10; i++)
            files[$"{i}"] = $"%include {i + 1}\n";
        files["10"] = "default_pool_size = 7\n";
        Assert.Equal(7, new SettingsLoader(files).Load("test.ini").Settings!.Global.DefaultPoolSize);

        files["10"] = "%include 11\n";
        files["11"] = "";
        IReadOnlyList<string> errors = Errors(files);
        Assert.Equal("include nesting level too deep (10:1), stopping loading", errors[0]);
        Assert.Equal("error processing include file in configuration (9:1), stopping loading", errors[1]);
        Assert.Equal("error processing include file in configuration (test.ini:2), stopping loading", errors[^1]);
        Assert.Equal(11, errors.Count);
    }

    [Fact]
    public void AFileThatIncludesItselfIsAnErrorNotALoop()
    {
        Assert.Equal("include nesting level too deep (test.ini:1), stopping loading", Errors("%include test.ini")[0]);
    }

    private static PoolerSettings Load(string text)
    {
        LoadResult result = new SettingsLoader(new MemoryFiles { ["test.ini"] = text }).Load("test.ini");
        Assert.Empty(result.Errors);
        return result.Settings!;
    }

    private static IReadOnlyList<string> Errors(string text) => Errors(new MemoryFiles { ["test.ini"] = text });

    private static IReadOnlyList<string> Errors(MemoryFiles files)
    {
        LoadResult result = new SettingsLoader(files).Load("test.ini");
        Assert.False(result.Succeeded);
        Assert.Null(result.Settings);
        return result.Errors;
    }
}
