using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin.Show;

/// <summary>SHOW CONFIG: every setting with its value.</summary>
internal static class ShowConfig
{
    public static ResultTable Make(PoolerSnapshot snapshot)
    {
        var table = new ResultTable(
            ResultTable.Text("key"), ResultTable.Text("value"), ResultTable.Text("default"), ResultTable.Text("changeable"));
        foreach (Setting setting in SettingTable.All)
            table.Add(setting.Name, setting.Format(snapshot.Settings.Global), setting.DefaultText, ShowWords.YesNo(setting.IsChangeable));

        return table;
    }
}
