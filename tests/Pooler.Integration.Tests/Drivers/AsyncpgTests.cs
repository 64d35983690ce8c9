namespace Pooler.Integration.Tests.Drivers;

/// <summary>asyncpg: Python, the extended protocol in binary, every statement prepared, batches that end with Flush.</summary>
public sealed class AsyncpgTests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "asyncpg";

    private protected override async Task<string?> MissingAsync() => await DriverPrograms.HasPythonModuleAsync("asyncpg") ? null : "python3-asyncpg";

    private protected override Task<IReadOnlyList<string>> RunAsync(DriverTarget target) =>
        DriverPrograms.RunAsync([DriverPrograms.Python, "-B", DriverPrograms.PathOf("asyncpg_cases.py")], target);
}
