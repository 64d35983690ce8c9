using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Pooler.Integration.Tests.Maintenance;

/// <summary>
/// Npgsql clients that move much data both ways, several megabytes in each transaction: results and COPY from the server, COPY to the server. The
/// checksum of what arrived is the checksum of what was sent, or they fail.
/// </summary>
internal sealed class StreamLoad : ILoadClient
{
    private const int Rows = 20_000;

    // 100 bytes a row on the wire.
    private const string Query = "SELECT n, repeat(md5(n::text), 3) FROM generate_series(1, 20000) n ORDER BY n";

    private static readonly string Text = MakeText();
    private static readonly byte[] Checksum = MD5.HashData(Encoding.UTF8.GetBytes(Text));

    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private long _done;

    private StreamLoad(string name, string connectionString, int clients)
    {
        Name = name;
        _clients = [.. Enumerable.Range(0, clients).Select(i => Task.Run(() => RunAsync(connectionString, i)))];
    }

    public string Name { get; }

    public string? Failure => _clients.FirstOrDefault(client => client.IsFaulted)?.Exception?.ToString();

    public static StreamLoad Start(string name, string host, int port, int clients) =>
        new(name, NpgsqlLoad.ConnectionString(host, port, "app"), clients);

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

    private static string MakeText()
    {
        StringBuilder text = new();
        for (int n = 1; n <= Rows; n++)
        {
            string hash = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(n.ToString(CultureInfo.InvariantCulture))));
            text.Append(CultureInfo.InvariantCulture, $"{n}\t{hash}{hash}{hash}\n");
        }

        return text.ToString();
    }

    private async Task RunAsync(string connectionString, int turn)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        for (; !_stop.IsCancellationRequested; turn++)
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await (turn % 3 == 0 ? ReadAsync(connection) : turn % 3 == 1 ? CopyOutAsync(connection) : CopyInAsync(connection));
            await using NpgsqlCommand insert = new("INSERT INTO done (client) VALUES ($1)", connection, transaction)
            {
                Parameters = { new NpgsqlParameter { Value = Name } },
            };
            await insert.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            Interlocked.Increment(ref _done);
        }
    }

    private static async Task ReadAsync(NpgsqlConnection connection)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        await using NpgsqlCommand select = new(Query, connection);
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt32(0)}\t{reader.GetString(1)}\n")));
        }

        Assert.Equal(Checksum, hash.GetHashAndReset());
    }

    private static async Task CopyOutAsync(NpgsqlConnection connection)
    {
        using TextReader reader = await connection.BeginTextExportAsync($"COPY ({Query}) TO STDOUT");
        Assert.Equal(Checksum, MD5.HashData(Encoding.UTF8.GetBytes(await reader.ReadToEndAsync())));
    }

    private static async Task CopyInAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand create = new("CREATE TEMP TABLE copied (n int4, t text) ON COMMIT DROP", connection);
        await create.ExecuteNonQueryAsync();
        await using (TextWriter writer = await connection.BeginTextImportAsync("COPY copied FROM STDIN"))
        {
            await writer.WriteAsync(Text);
        }

        await using NpgsqlCommand check = new("SELECT md5(string_agg(n || E'\\t' || t || E'\\n', '' ORDER BY n)) FROM copied", connection);
        Assert.Equal(Convert.ToHexStringLower(Checksum), await check.ExecuteScalarAsync());
    }
}
