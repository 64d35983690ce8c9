using Npgsql;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>Npgsql with one set of options.</summary>
public abstract class NpgsqlDriverTests(DriverFixture fixture) : DriverTests(fixture)
{
    /// <summary>What is added to the connection string.</summary>
    private protected abstract string Options { get; }

    private protected override Task<string?> MissingAsync() => Task.FromResult<string?>(null);

    private protected override async Task<IReadOnlyList<string>> RunAsync(DriverTarget target)
    {
        NpgsqlDataSourceBuilder builder = new(target.ConnectionString(Options)) { ConnectionStringBuilder = { IncludeErrorDetail = true } };
        await using NpgsqlDataSource source = builder.Build();
        NpgsqlCases cases = new(source, isMultiplexing: builder.ConnectionStringBuilder.Multiplexing);
        await cases.RunAsync();
        return cases.Lines;
    }
}
