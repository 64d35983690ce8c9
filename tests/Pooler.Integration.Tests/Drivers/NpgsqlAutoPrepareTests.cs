namespace Pooler.Integration.Tests.Drivers;

/// <summary>Npgsql that prepares by itself what comes twice, with fewer statements than the program has.</summary>
public sealed class NpgsqlAutoPrepareTests(DriverFixture fixture) : NpgsqlDriverTests(fixture), IClassFixture<DriverFixture>
{
    private protected override string Name => "npgsql_auto_prepare";

    private protected override string Options => "Max Auto Prepare=12;Auto Prepare Min Usages=2";
}
