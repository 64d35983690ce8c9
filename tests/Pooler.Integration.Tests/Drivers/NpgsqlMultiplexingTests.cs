namespace Pooler.Integration.Tests.Drivers;

/// <summary>Npgsql with Multiplexing: commands of many callers share its connections, several Syncs in flight on each.</summary>
public sealed class NpgsqlMultiplexingTests(DriverFixture fixture) : NpgsqlDriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "npgsql_multiplexing";

    private protected override string Options => "Multiplexing=true;Max Auto Prepare=12;Auto Prepare Min Usages=2;Maximum Pool Size=5";
}
