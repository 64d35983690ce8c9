using Pooler.Actors.Admin;
using Pooler.Actors.Admin.Commands;

namespace Pooler.Actors.Tests.Admin;

/// <summary>Every SHOW table has exactly the columns of show-columns.tsv, with their types, in their order.</summary>
public sealed class ShowColumnsTests
{
    public static TheoryData<string> Tables() => [.. ShowCommand.All.Where(entry => entry.Make is not null).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Has_the_columns_of_the_list(string name)
    {
        ShowEntry entry = ShowCommand.All.Single(candidate => candidate.Name == name);
        ResultTable table = entry.Make!(Samples.Snapshot);

        ShowColumnRow[] expected = [.. ShowColumnRow.ByTable[name]];
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(row => (row.Column, row.TypeOid)), table.Columns.Select(column => (column.Name, column.TypeOid)));
        foreach (string?[] row in table.Rows)
            Assert.All(row.Zip(expected), pair => Assert.True(pair.First is not null || pair.Second.Nullable, pair.Second.Column));
    }

    [Fact]
    public void Every_table_of_the_list_is_known()
    {
        var known = ShowCommand.All.Select(entry => entry.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.All(ShowColumnRow.ByTable, group => Assert.Contains(group.Key, known));
    }

    [Fact]
    public void A_row_must_fit_the_columns()
    {
        var table = new ResultTable(ResultTable.Text("a"), ResultTable.Int4("b"));
        Assert.Throws<ArgumentException>(() => table.Add("1"));
    }
}
