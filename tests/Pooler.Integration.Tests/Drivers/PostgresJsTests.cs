namespace Pooler.Integration.Tests.Drivers;

/// <summary>postgres.js: Node.js, every statement prepared and pipelined.</summary>
public sealed class PostgresJsTests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "postgresjs";

    private protected override async Task<string?> MissingAsync() => await DriverPrograms.HasNodeModuleAsync("postgres") ? null : "the npm package postgres";

    private protected override Task<IReadOnlyList<string>> RunAsync(DriverTarget target) =>
        DriverPrograms.RunAsync([DriverPrograms.Node, DriverPrograms.PathOf("postgresjs_cases.js")], target);
}
