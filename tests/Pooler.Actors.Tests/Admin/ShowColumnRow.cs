namespace Pooler.Actors.Tests.Admin;

/// <summary>One line of show-columns.tsv: a column of a SHOW table.</summary>
internal sealed record ShowColumnRow(string Table, string Column, int TypeOid, bool Nullable)
{
    public static ILookup<string, ShowColumnRow> ByTable { get; } = Read().ToLookup(row => row.Table, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<ShowColumnRow> Read()
    {
        using Stream stream = typeof(ShowColumnRow).Assembly.GetManifestResourceStream(ResourceName())!;
        using var reader = new StreamReader(stream);
        List<ShowColumnRow> rows = [];
        foreach (string line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            string[] fields = line.Split('\t');
            if (fields[1] == "-")
                continue;

            string type = fields[3];
            int oid = int.Parse(type[(type.IndexOf('(') + 1)..type.IndexOf(')')], System.Globalization.CultureInfo.InvariantCulture);
            rows.Add(new ShowColumnRow(fields[0]["SHOW ".Length..], fields[2], oid, fields[4] == "yes"));
        }

        return rows;
    }

    private static string ResourceName() =>
        typeof(ShowColumnRow).Assembly.GetManifestResourceNames().Single(name => name.EndsWith("show-columns.tsv", StringComparison.Ordinal));
}
