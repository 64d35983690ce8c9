namespace Pooler.Integration.Tests.Drivers;

/// <summary>psycopg 3: Python, the extended protocol, automatic preparing, libpq's pipeline mode.</summary>
public sealed class Psycopg3Tests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "psycopg3";

    private protected override async Task<string?> MissingAsync() => await DriverPrograms.HasPythonModuleAsync("psycopg") ? null : "python3-psycopg";

    private protected override Task<IReadOnlyList<string>> RunAsync(DriverTarget target) =>
        DriverPrograms.RunAsync([DriverPrograms.Python, "-B", DriverPrograms.PathOf("psycopg3_cases.py")], target);
}
