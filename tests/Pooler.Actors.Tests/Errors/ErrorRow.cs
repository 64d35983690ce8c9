namespace Pooler.Actors.Tests.Errors;

/// <summary>One line of errors.tsv: a text with which the pooler ends, refuses or closes something, what brings it about and what becomes of the connection.</summary>
internal sealed record ErrorRow(string Class, string Severity, string SqlState, string Text, string Trigger, string After, string Test)
{
    public static IReadOnlyList<ErrorRow> All { get; } = Read();

    /// <summary>By which its scene is found.</summary>
    public string Key => $"{Class}: {Text}";

    /// <summary>A scene provokes it; otherwise <see cref="Test"/> says which test does, or why none can.</summary>
    public bool HasScene => Test == "scene";

    private static ErrorRow[] Read()
    {
        using var stream = typeof(ErrorRow).Assembly.GetManifestResourceStream("Pooler.Actors.Tests.Errors.Data.errors.tsv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t'))
            .Select(fields => new ErrorRow(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6]))];
    }
}
