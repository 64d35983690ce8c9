namespace Pooler.Integration.Tests.Drivers;

/// <summary>Npgsql as it is by default: its own pool with a reset on return, type loading, explicit preparing, batches.</summary>
public sealed class NpgsqlTests(DriverFixture fixture) : NpgsqlDriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "npgsql";

    private protected override string Options => string.Empty;
}
