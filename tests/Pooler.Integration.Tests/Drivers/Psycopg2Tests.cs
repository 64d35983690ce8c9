namespace Pooler.Integration.Tests.Drivers;

/// <summary>psycopg 2: Python, simple queries, libpq.</summary>
public sealed class Psycopg2Tests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "psycopg2";

    private protected override async Task<string?> MissingAsync() => await DriverPrograms.HasPythonModuleAsync("psycopg2") ? null : "python3-psycopg2";

    private protected override Task<IReadOnlyList<string>> RunAsync(DriverTarget target) =>
        DriverPrograms.RunAsync([DriverPrograms.Python, "-B", DriverPrograms.PathOf("psycopg2_cases.py")], target);
}
