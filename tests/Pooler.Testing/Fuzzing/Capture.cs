namespace Pooler.Testing.Fuzzing;

/// <summary>A conversation of a client with PostgreSQL as it was recorded: what either side said, in turns.</summary>
internal sealed class Capture
{
    private const string Resources = "Pooler.Testing.Fuzzing.Captures.";

    private Capture(string name, IReadOnlyList<CapturedTurn> turns)
    {
        Name = name;
        Turns = turns;
        Client = [.. turns.Where(turn => turn.IsClient).SelectMany(turn => turn.Bytes)];
        Server = [.. turns.Where(turn => !turn.IsClient).SelectMany(turn => turn.Bytes)];
    }

    /// <summary>All that there are, by name.</summary>
    internal static IReadOnlyList<Capture> All { get; } =
    [
        .. typeof(Capture).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    internal string Name { get; }

    internal IReadOnlyList<CapturedTurn> Turns { get; }

    /// <summary>Everything that the client said.</summary>
    internal byte[] Client { get; }

    /// <summary>Everything that the server said.</summary>
    internal byte[] Server { get; }

    /// <summary>A conversation as a text: a line per turn, who speaks and the bytes in hexadecimal digits.</summary>
    internal static string Write(IEnumerable<CapturedTurn> turns) =>
        string.Concat(turns.Select(turn => $"{(turn.IsClient ? 'c' : 's')} {Convert.ToHexStringLower(turn.Bytes)}\n"));

    public override string ToString() => Name;

    private static Capture Read(string resource)
    {
        using var reader = new StreamReader(typeof(Capture).Assembly.GetManifestResourceStream(resource)!);
        List<CapturedTurn> turns = [];
        while (reader.ReadLine() is { } line)
        {
            turns.Add(new CapturedTurn(line[0] == 'c', Convert.FromHexString(line.AsSpan(2))));
        }

        return new Capture(resource[Resources.Length..], turns);
    }
}
