using Pooler.Testing;
using Pooler.Testing.Programs;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>The cases for pgx, compiled once for all modes into a directory of its own, where the compiler's cache goes as well.</summary>
public sealed class PgxProgram : IDisposable
{
    private readonly TestDirectory _build = new("pgx");
    private string? _path;

    public void Dispose() => _build.Dispose();

    /// <summary>The compiled program; the tests of one class run one after the other.</summary>
    internal async Task<string> CompileAsync()
    {
        if (_path is null)
        {
            string path = Path.Combine(_build.Path, "cases");
            Dictionary<string, string> environment = new()
            {
                ["GO111MODULE"] = "off",
                ["GOPATH"] = DriverPrograms.GoPath,
                ["GOFLAGS"] = "",
                ["GOCACHE"] = Path.Combine(_build.Path, "cache"),
                // No compiler for C is needed.
                ["CGO_ENABLED"] = "0",
            };
            string[] sources = Directory.GetFiles(DriverPrograms.PathOf("pgx"), "*.go");
            (await Command.RunAsync(["go", "build", "-o", path, .. sources], environment, timeout: DriverPrograms.Timeout)).Succeeded();
            _path = path;
        }

        return _path;
    }
}
