using System.Globalization;
using Npgsql;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>Npgsql clients that run until they are stopped: each keeps its connection, or takes a new one for every few transactions.</summary>
internal sealed class NpgsqlLoad : ILoadClient
{
    private const int TransactionsOfOneConnection = 3;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private long _done;

    private NpgsqlLoad(string name, string connectionString, int clients, bool reconnects)
    {
        Name = name;
        _clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(() => RunAsync(connectionString, reconnects)))];
    }

    public string Name { get; }

    public string? Failure => _clients.FirstOrDefault(client => client.IsFaulted)?.Exception?.ToString();

    public static NpgsqlLoad Start(string name, string host, int port, string database, int clients, bool reconnects = false) =>
        new(name, ConnectionString(host, port, database), clients, reconnects);

    /// <summary>For connections that wait as long as it takes.</summary>
    public static string ConnectionString(string host, int port, string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={host};Port={port};Username=bouncer;Database={database};Pooling=false;SSL Mode=Disable;GSS Encryption Mode=Disable;Timeout=120;Command Timeout=120");

    public async Task<long> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        return _done;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task RunAsync(string connectionString, bool reconnects)
    {
        while (!_stop.IsCancellationRequested)
        {
            await using NpgsqlConnection connection = new(connectionString);
            await connection.OpenAsync();
            for (int i = 0; !_stop.IsCancellationRequested && (!reconnects || i < TransactionsOfOneConnection); i++)
            {
                await TransactAsync(connection);
            }
        }
    }

    private async Task TransactAsync(NpgsqlConnection connection)
    {
        // Answers that were somebody else's, lost or doubled would not be this number.
        long number = Random.Shared.NextInt64();
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync())
        {
            await using NpgsqlCommand insert = new("INSERT INTO done (client, number) VALUES ($1, $2) RETURNING number", connection, transaction)
            {
                Parameters = { new NpgsqlParameter { Value = Name }, new NpgsqlParameter { Value = number } },
            };
            Assert.Equal(number, await insert.ExecuteScalarAsync());
            await transaction.CommitAsync();
        }

        Interlocked.Increment(ref _done);
        await using NpgsqlCommand select = new("SELECT $1 + n FROM generate_series(0, 99) n", connection)
        {
            Parameters = { new NpgsqlParameter { Value = number / 2 } },
        };
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync();
        for (int n = 0; n < 100; n++)
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(number / 2 + n, reader.GetInt64(0));
        }

        Assert.False(await reader.ReadAsync());
    }
}
