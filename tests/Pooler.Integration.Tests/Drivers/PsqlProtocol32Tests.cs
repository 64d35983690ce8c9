using Pooler.Testing.Postgres;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>psql in protocol 3.2, which the pooler speaks with its servers too.</summary>
public sealed class PsqlProtocol32Tests(DriverFixture fixture) : PsqlDriverTests(fixture)
{
    private protected override string Name => "psql_3_2";

    private protected override string ProtocolVersion => "3.2";

    private protected override IReadOnlyList<(string Key, string? Value)> MoreSettings => [("server_protocol_version", "3.2")];

    private protected override async Task<string?> MissingAsync() =>
        await PostgresBinaries.ClientVersionAsync("psql") < 18 || await PostgresBinaries.ServerVersionAsync() < 18 ? "PostgreSQL 18" : null;
}
