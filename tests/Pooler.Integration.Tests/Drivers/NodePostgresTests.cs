namespace Pooler.Integration.Tests.Drivers;

/// <summary>node-postgres (pg): Node.js, simple and extended queries, named statements, portals that are read in parts.</summary>
public sealed class NodePostgresTests(DriverFixture fixture) : DriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "node_postgres";

    private protected override async Task<string?> MissingAsync() => await DriverPrograms.HasNodeModuleAsync("pg") ? null : "the npm package pg";

    private protected override Task<IReadOnlyList<string>> RunAsync(DriverTarget target) =>
        DriverPrograms.RunAsync([DriverPrograms.Node, DriverPrograms.PathOf("pg_cases.js")], target);
}
