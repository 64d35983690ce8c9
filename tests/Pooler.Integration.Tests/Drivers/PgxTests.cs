namespace Pooler.Integration.Tests.Drivers;

/// <summary>pgx: Go, four ways to send a query, batches, binary COPY, statements given up by DEALLOCATE, a pool of its own.</summary>
public sealed class PgxTests(DriverFixture fixture, PgxProgram program) : DriverTests(fixture), IClassFixture<DriverFixture>, IClassFixture<PgxProgram>
{
    private protected override string Name => "pgx";

    private protected override async Task<string?> MissingAsync() => await DriverPrograms.HasPgxAsync() ? null : "golang-github-jackc-pgx-v4-dev or Go";

    private protected override async Task<IReadOnlyList<string>> RunAsync(DriverTarget target) =>
        await DriverPrograms.RunAsync([await program.CompileAsync()], target);
}
