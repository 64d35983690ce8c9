using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

public sealed class UserListTests
{
    [Theory]
    [InlineData("\"a\" \"b\"", "b")]
    [InlineData("; \"a\" \"x\"\n\n  ;\n\"a\" \"b\" and more\n", "b")]
    [InlineData("\"a\"\t\"b\"\r\n", "b")]
    [InlineData("\"a\"\n\"b\"\n", "b")]
    [InlineData("\"a\"\"b\"x", null)]
    [InlineData("\"a\" \"x\"\n\"a\" \"b\"\n", "b")]
    [InlineData("\"a\" \"\"\n", "")]
    [InlineData("\"a\" \"say \"\"b\"\"\"\n", "say \"b\"")]
    [InlineData("", null)]
    public void ReadsEntries(string text, string? secretOfA)
    {
        Dictionary<string, string> secrets = [];
        string? problem = UserListParser.Parse(text, secrets);

        Assert.Equal(text.StartsWith("\"a\"\"b\"x", StringComparison.Ordinal) ? "broken auth file" : null, problem);
        Assert.Equal(secretOfA, secrets.GetValueOrDefault("a"));
    }

    [Theory]
    [InlineData("# comment\n", "broken auth file")]
    [InlineData("a b\n", "broken auth file")]
    [InlineData("\"c\n", "broken auth file")]
    [InlineData("\"c\"\n", "broken auth file")]
    [InlineData("\"c\" d\n", "broken auth file")]
    [InlineData("\"c\" \"d\n", "broken auth file")]
    public void EarlierEntriesStay(string rest, string expected)
    {
        Dictionary<string, string> secrets = [];
        Assert.Equal(expected, UserListParser.Parse("\"a\" \"b\"\n" + rest, secrets));
        Assert.Equal(["a"], secrets.Keys);
    }

    [Fact]
    public void LimitsLengths()
    {
        Assert.Null(Problem(new string('u', 127), new string('s', 65530)));
        Assert.Equal("username too long in auth file", Problem(new string('u', 128), "s"));
        Assert.Equal("username too long in auth file", Problem(new string('é', 64), "s"));
        Assert.Equal("password too long in auth file", Problem("u", new string('s', 65531)));
    }

    [Fact]
    public void ComparesByContent()
    {
        UserList one = new([new("a", "1"), new("b", "2")]);
        Assert.Equal(one, new UserList([new("b", "2"), new("a", "1")]));
        Assert.NotEqual(one, new UserList([new("b", "2"), new("a", "2")]));
        Assert.NotEqual(one, new UserList([new("b", "2"), new("c", "1")]));
        Assert.NotEqual(one, UserList.Empty);
        Assert.False(one.Equals(null));
    }

    [Fact]
    public void ReadsTheFilesOfOperators()
    {
        Dictionary<string, string> secrets = [];
        Assert.Null(UserListParser.Parse(TestData.Read("userlist.txt"), secrets));
        Assert.Null(UserListParser.Parse(TestData.Read("userlist-md5.txt"), secrets));
        Assert.Equal("password123", secrets["admin"]);
        Assert.Equal("password", secrets["user"]);
        Assert.Equal("md5edd007a589341ce2ecc0de654a7abe97", secrets["angel"]);
    }

    private static string? Problem(string user, string secret) => UserListParser.Parse($"\"{user}\" \"{secret}\"", []);
}
