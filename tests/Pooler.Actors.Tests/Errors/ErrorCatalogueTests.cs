using System.Text.RegularExpressions;

namespace Pooler.Actors.Tests.Errors;

/// <summary>
/// Every text of errors.tsv is provoked once, and what a client gets is compared: severity, SQLSTATE, text, and whether the connection stays open. Those that only the log
/// has are found there as the reason of a close.
/// </summary>
public sealed class ErrorCatalogueTests
{
    public static TheoryData<string> Rows() => [.. ErrorRow.All.Where(row => row.HasScene).Select(row => row.Key)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void IsWhatTheListSays(string key)
    {
        var row = ErrorRow.All.Single(candidate => candidate.Key == key);
        using var scene = ErrorScenes.All[key]();
        if (row.Severity == "-")
        {
            var reason = new Regex($"closing because: {Pattern(row.Text)} \\(age=");
            scene.Pooler.Until(() => scene.Pooler.Log.Any(line => reason.IsMatch(line)), 30);
            return;
        }

        var client = scene.Client!;
        var found = client.Expect(row.Severity == "NOTICE" ? "N" : "E");
        Assert.Matches($"(?s)^. S{row.Severity}( V{row.Severity})? C{Pattern(row.SqlState)} M{Pattern(row.Text)}( D.*)?$", found);
        if (row.After.StartsWith("open", StringComparison.Ordinal))
        {
            client.Expect("Z");
            Assert.False(client.IsGone);
        }
        else if (row.After.StartsWith("ReadyForQuery", StringComparison.Ordinal))
        {
            client.Expect("Z");
            client.Query("SHOW VERSION");
            Assert.Equal("bad packet", client.ExpectEnd());
        }
        else
        {
            client.ExpectEnd(2);
            Assert.Empty(client.Messages);
        }
    }

    [Fact]
    public void EveryRowHasASceneOrATestOfItsOwnOrAReason()
    {
        Assert.Equal(ErrorRow.All.Where(row => row.HasScene).Select(row => row.Key).Order(), ErrorScenes.All.Keys.Order());
        foreach (var row in ErrorRow.All.Where(row => !row.HasScene))
        {
            if (row.Test.StartsWith("test: ", StringComparison.Ordinal))
            {
                var name = row.Test["test: ".Length..];
                var dot = name.LastIndexOf('.');
                Assert.NotNull(typeof(ErrorCatalogueTests).Assembly.GetType("Pooler.Actors.Tests." + name[..dot])?.GetMethod(name[(dot + 1)..]));
            }
            else
            {
                Assert.Matches("^(later|never|differs): .+", row.Test);
            }
        }
    }

    /// <summary>What stands in angle brackets may be anything.</summary>
    private static string Pattern(string text) => Regex.Replace(Regex.Escape(text), "<[^>]*>", ".+");
}
