using Pooler.Testing;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>pgjdbc: Java, statements named after some uses, batches in one Sync, portals read in parts.</summary>
public sealed class JdbcTests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>, IDisposable
{
    private readonly TestDirectory _classes = new("jdbc");

    private protected override string Name => "jdbc";

    public void Dispose() => _classes.Dispose();

    private protected override async Task<string?> MissingAsync() =>
        await DriverPrograms.HasJdbcAsync() ? null : "libpostgresql-jdbc-java or a JDK";

    private protected override async Task<IReadOnlyList<string>> RunAsync(DriverTarget target)
    {
        if (!File.Exists(Path.Combine(_classes.Path, "JdbcCases.class")))
        {
            (await Command.RunAsync(
                ["javac", "-encoding", "UTF-8", "-cp", DriverPrograms.JdbcDriver, "-d", _classes.Path, DriverPrograms.PathOf("JdbcCases.java")],
                timeout: TimeSpan.FromMinutes(3))).Succeeded();
        }

        // A short run starts sooner without the optimising compiler and with one thread for the collector.
        return await DriverPrograms.RunAsync(
            [
                "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", "-cp", $"{_classes.Path}:{DriverPrograms.JdbcDriver}", "JdbcCases",
            ],
            target);
    }
}
