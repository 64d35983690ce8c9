using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pooler.Testing.Protocol;

namespace Pooler.Load;

/// <summary>Opens, runs and closes the clients.</summary>
internal sealed class LoadDriver : IDisposable
{
    private readonly LoadOptions _options;
    private readonly Report _report;
    private readonly Credentials _credentials;
    private readonly EndPoint[] _targets;
    private readonly byte[] _query;
    private readonly LoadClient?[] _clients;

    public LoadDriver(LoadOptions options, Report report)
    {
        _options = options;
        _report = report;
        _credentials = new Credentials(options.User, options.Password, options.Database);
        _query = FrontendMessages.Query(options.Query);
        _clients = new LoadClient?[options.Clients];
        _targets = [.. Targets(options)];
    }

    /// <summary>Opens the clients that are not there, so many at a time. Gives the seconds that it took.</summary>
    public async Task<double> OpenAsync(int first, int count, int atOnce)
    {
        long start = Stopwatch.GetTimestamp();
        int next = first;
        int end = first + count;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, count)).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next) - 1) < end;)
            {
                await OpenAsync(i).ConfigureAwait(false);
            }
        }))).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Runs transactions on clients spread over all of them for a while; gives the milliseconds of each transaction, by client.</summary>
    public async Task<List<double>[]> RunAsync(int count, TimeSpan duration)
    {
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        int step = Math.Max(1, _clients.Length / Math.Max(1, count));
        return await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => RunAsync(i * step, i, end)))).ConfigureAwait(false);
    }

    /// <summary>Closes all clients, each with a good-bye.</summary>
    public void CloseAll()
    {
        Parallel.For(0, _clients.Length, i =>
        {
            _clients[i]?.Dispose();
            _clients[i] = null;
        });
    }

    public void Dispose() => CloseAll();

    private static IEnumerable<EndPoint> Targets(LoadOptions options)
    {
        byte[] address = IPAddress.Parse(options.Host).GetAddressBytes();
        for (int i = 0; i < options.Addresses; i++)
        {
            yield return new IPEndPoint(new IPAddress(address), options.Port);
            address[^1]++;
        }

        if (options.UnixDirectory is { } directory)
        {
            yield return new UnixDomainSocketEndPoint($"{directory}/.s.PGSQL.{options.Port}");
        }
    }

    private async Task OpenAsync(int index)
    {
        if (_clients[index] is not null)
        {
            return;
        }

        EndPoint target = _targets[index % _targets.Length];
        try
        {
            _clients[index] = await LoadClient.LogInAsync(target, _credentials).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _report.Error($"login by {target.AddressFamily}", exception);
        }
    }

    private async Task<List<double>> RunAsync(int index, int turn, long end)
    {
        List<double> times = [];
        if (_clients[index] is not { } client)
        {
            return times;
        }

        int pause = _options.PauseMilliseconds;
        try
        {
            if (pause > 0)
            {
                // Not all in step.
                await Task.Delay(turn * 7919 % pause).ConfigureAwait(false);
            }

            while (Stopwatch.GetTimestamp() < end)
            {
                long start = Stopwatch.GetTimestamp();
                await client.RunAsync(_query).ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (pause > 0)
                {
                    await Task.Delay(pause).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception)
        {
            _report.Error("transaction", exception);
        }

        return times;
    }
}
