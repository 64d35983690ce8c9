namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW VERSION.</summary>
internal static class ShowVersion
{
    public static ResultTable Make(PoolerSnapshot snapshot) => new ResultTable(ResultTable.Text("version")).Add(PoolerVersion.Text);
}
