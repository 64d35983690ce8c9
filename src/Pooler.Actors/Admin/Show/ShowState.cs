namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW STATE: whether the pooler as a whole works, is paused or suspended.</summary>
internal static class ShowState
{
    public static ResultTable Make(PoolerSnapshot snapshot) =>
        new ResultTable(ResultTable.Text("key"), ResultTable.Text("value"))
            .Add("active", ShowWords.YesNo(snapshot.State == PauseState.Active))
            .Add("paused", ShowWords.YesNo(snapshot.State == PauseState.Paused))
            .Add("suspended", ShowWords.YesNo(snapshot.State == PauseState.Suspended));
}
