using System.Text;
using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

/// <summary>Whatever a file contains, reading it gives settings or errors, never an exception.</summary>
public sealed class RandomInputTests
{
    private static readonly string[] Pieces =
    [
        "[pgbouncer]", "[databases]", "[users]", "[peers]", "[", "]", "'", "\"", "''", "=", " ", "\n", "\n", "\r\n", "\t", ";", "#", "%include ",
        "test.ini", "*", "host", "port", "pool_size", "pool_mode", "default_pool_size", "query_timeout", "verbose", "auth_file", "users", "1",
        "-1", "0x", "08", "99999999999999999999", "1e999", "session", "é", "\0", "\uD800",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void IsReadOrRefused(int seed)
    {
        Random random = new(seed);
        int loaded = 0;
        for (int i = 0; i < 3000; i++)
        {
            string text = Text(random);
            MemoryFiles files = new() { ["test.ini"] = (i % 2 == 0 ? "[pgbouncer]\nauth_file = users\n" : "") + text, ["users"] = text };
            LoadResult result = new SettingsLoader(files).Load("test.ini");
            Assert.True(result.Succeeded || result.Errors.Count > 0);
            if (result.Succeeded)
            {
                loaded++;
                Assert.True(SettingsDiff.Between(result.Settings, result.Settings).IsEmpty);
            }
        }

        Assert.NotEqual(0, loaded);
    }

    private static string Text(Random random)
    {
        StringBuilder text = new();
        for (int i = random.Next(12); i > 0; i--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }
}
