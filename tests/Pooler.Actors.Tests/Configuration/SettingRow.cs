namespace Pooler.Actors.Tests.Configuration;

/// <summary>One line of settings.tsv.</summary>
internal sealed record SettingRow(string Key, string Type, string Default, string Runtime, string Scope)
{
    public static IReadOnlyList<SettingRow> All { get; } = TestData.Read("settings.tsv")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1)
        .Select(line => line.Split('\t'))
        .Select(cells => new SettingRow(cells[0], cells[1], cells[2], cells[3], cells[4]))
        .ToList();

    public static IReadOnlyList<SettingRow> OfScope(string scope) => All.Where(row => row.Scope == scope).ToList();
}
