using System.Text.RegularExpressions;

namespace Pooler.Actors.Tests;

/// <summary>What a compiler does not check: who may know whom, and how long a file may be.</summary>
public sealed partial class ArchitectureTests
{
    private const int LongestFile = 400;

    private static readonly string Sources = FindSources();

    /// <summary>The few files of the pure folders whose task is to be an actor or a dispatcher.</summary>
    private static readonly string[] Bridges =
    [
        "Configuration/ConfigActor.cs", "Dns/DnsActor.cs", "Dns/DnsProtocol.cs", "Transport/LoopExecutor.cs", "Transport/LoopExecutorConfigurator.cs", "Transport/Simulation/SimulatedScheduler.cs",
    ];

    [Theory]
    [InlineData("Wire")]
    [InlineData("Relay")]
    [InlineData("Auth")]
    [InlineData("Configuration")]
    [InlineData("Dns")]
    [InlineData("Transport")]
    public void ThePurePartsKnowNothingOfActors(string folder)
    {
        var guilty = Files("Pooler.Actors/" + folder)
            .Where(file => !Bridges.Contains(Path.GetRelativePath(Path.Combine(Sources, "Pooler.Actors"), file)))
            .Where(file => NamesAkka().IsMatch(File.ReadAllText(file)));
        Assert.Empty(guilty);
    }

    [Fact]
    public void EveryBridgeExists() => Assert.All(Bridges, bridge => Assert.True(File.Exists(Path.Combine(Sources, "Pooler.Actors", bridge)), bridge));

    [Theory]
    [InlineData("Clients", "Pools", "Acquire Lease Released PoolKey PoolRecord")]
    [InlineData("Clients", "Servers", "")]
    [InlineData("Pools", "Servers", "ServerConnection ServerPlan")]
    [InlineData("Pools", "Clients", "")]
    [InlineData("Servers", "Pools", "")]
    [InlineData("Servers", "Clients", "")]
    [InlineData("Servers", "Dns", "")]
    [InlineData("Pools", "Dns", "")]
    [InlineData("Dns", "Pools", "")]
    [InlineData("Dns", "Servers", "")]
    [InlineData("Cancel", "Clients", "")]
    [InlineData("Cancel", "Pools", "")]
    [InlineData("Cancel", "Servers", "")]
    [InlineData("Relay", "Pools", "")]
    [InlineData("Relay", "Clients", "")]
    [InlineData("Relay", "Servers", "")]
    public void NeighboursMeetThroughTheirProtocols(string folder, string neighbour, string exceptions)
    {
        var hidden = Files("Pooler.Actors/" + neighbour)
            .Select(file => Path.GetFileName(file).Split('.')[0])
            .Where(type => !type.EndsWith("Protocol", StringComparison.Ordinal))
            .Except(exceptions.Split(' '))
            .ToHashSet();
        Assert.NotEmpty(hidden);
        var guilty = from file in Files("Pooler.Actors/" + folder)
                     from line in File.ReadLines(file)
                     where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                     from Match word in Word().Matches(line)
                     where hidden.Contains(word.Value)
                     select $"{Path.GetFileName(file)} names {word.Value}";
        Assert.Empty(guilty.Distinct());
    }

    [Fact]
    public void NoFileIsLong()
    {
        var guilty = Files("").Select(file => (Name: Path.GetFileName(file), Lines: File.ReadLines(file).Count())).Where(file => file.Lines >= LongestFile);
        Assert.Empty(guilty);
    }

    [Fact]
    public void NothingIsLeftToBeDone() => Assert.DoesNotContain(Files(""), file => Unfinished().IsMatch(File.ReadAllText(file)));

    [GeneratedRegex(@"\bAkka\.|\bIActorRef\b|\bUntypedActor\b")]
    private static partial Regex NamesAkka();

    [GeneratedRegex(@"\bNotImplementedException\b|\bTODO\b|\bFIXME\b")]
    private static partial Regex Unfinished();

    // Not what comes behind a dot, nor a property that has a type's name.
    [GeneratedRegex(@"(?<![\w.]|IActorRef )[A-Z]\w+\b(?! =)")]
    private static partial Regex Word();

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(Path.Combine(Sources, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string FindSources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pooler.slnx")))
            {
                return Path.Combine(folder.FullName, "src");
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside a checkout.");
    }
}
