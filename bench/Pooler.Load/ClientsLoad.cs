using System.Diagnostics;

namespace Pooler.Load;

/// <summary>
/// Very many clients: opens them all, looks at the pooler while it is idle, runs transactions on a few while the rest stays idle, lets all leave
/// and come back at once, and takes them away.
/// </summary>
internal sealed class ClientsLoad(LoadOptions options, LoadDriver driver, Report report)
{
    // What a storm of logins leaves behind may settle before memory is looked at.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly ProcessMeter? _meter = options.ProcessId is { } id ? new ProcessMeter(id) : null;

    public async Task RunAsync()
    {
        // The first one makes the pooler do everything for the first time.
        await driver.OpenAsync(0, 1, 1).ConfigureAwait(false);
        await Task.Delay(Settling).ConfigureAwait(false);
        long before = _meter?.ResidentKilobytes() ?? 0;
        int descriptors = _meter?.Descriptors() ?? 0;
        double processor = _meter?.ProcessorMilliseconds() ?? 0;
        int others = options.Clients - 1;
        double seconds = await driver.OpenAsync(1, others, options.AtOnce).ConfigureAwait(false);
        report.Value("open_seconds", seconds);
        report.Value("logins", others / seconds);
        if (_meter is not null)
        {
            report.Value("login_cpu", (_meter.ProcessorMilliseconds() - processor) * 1000 / others);
            report.Value("kb_open", (double)(_meter.ResidentKilobytes() - before) / others);
            await Task.Delay(Settling).ConfigureAwait(false);
            report.Value("kb", (double)(_meter.ResidentKilobytes() - before) / others);
            report.Value("descriptors", _meter.Descriptors());
        }

        if (options.Hold)
        {
            report.Say("ready");
            await Console.In.ReadToEndAsync().ConfigureAwait(false);
            return;
        }

        if (_meter is not null && options.IdleSeconds > 0)
        {
            await MeasureIdleAsync(_meter).ConfigureAwait(false);
        }

        if (options.Active > 0)
        {
            await MeasureTransactionsAsync().ConfigureAwait(false);
        }

        for (int i = 0; i < options.Storms; i++)
        {
            processor = _meter?.ProcessorMilliseconds() ?? 0;
            driver.CloseAll();
            seconds = await driver.OpenAsync(0, options.Clients, options.Clients).ConfigureAwait(false);
            report.Value("storm_logins", options.Clients / seconds);
            if (_meter is not null)
            {
                report.Value("storm_cpu", (_meter.ProcessorMilliseconds() - processor) * 1000 / options.Clients);
            }
        }

        if (options.Storms > 0 && _meter is not null)
        {
            report.Value("storm_kb_open", (double)(_meter.ResidentKilobytes() - before) / others);
            await Task.Delay(Settling).ConfigureAwait(false);
            report.Value("storm_kb", (double)(_meter.ResidentKilobytes() - before) / others);
        }

        long start = Stopwatch.GetTimestamp();
        driver.CloseAll();
        while (_meter?.Descriptors() - descriptors > options.Active && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(10).ConfigureAwait(false);
        }

        report.Value("leave_seconds", Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private async Task MeasureIdleAsync(ProcessMeter meter)
    {
        double before = meter.ProcessorMilliseconds();
        await Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds)).ConfigureAwait(false);
        report.Value("idle_cpu", (meter.ProcessorMilliseconds() - before) / options.IdleSeconds);
    }

    private async Task MeasureTransactionsAsync()
    {
        // Without being measured at first: servers are connected, and code that is compiled while it runs gets its chance.
        await driver.RunAsync(options.Active, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        double before = _meter?.ProcessorMilliseconds() ?? 0;
        List<double>[] times = await driver.RunAsync(options.Active, TimeSpan.FromSeconds(options.Seconds)).ConfigureAwait(false);
        var all = new Spread(times.SelectMany(list => list));
        report.Value("transactions", all.Count);
        report.Percentiles("latency", all);
        if (_meter is not null)
        {
            report.Value("transaction_cpu", (_meter.ProcessorMilliseconds() - before) * 1000 / all.Count);
        }
    }
}
