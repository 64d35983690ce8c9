namespace Pooler.Load;

/// <summary>
/// Many more busy clients than servers: how alike they wait. Where the oldest waiter is always next, all of them get the same share, and nobody waits
/// much longer than the median.
/// </summary>
internal sealed class FairnessLoad(LoadOptions options, LoadDriver driver, Report report)
{
    public async Task RunAsync()
    {
        await driver.OpenAsync(0, options.Clients, options.AtOnce).ConfigureAwait(false);
        await driver.RunAsync(options.Clients, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        List<double>[] times = await driver.RunAsync(options.Clients, TimeSpan.FromSeconds(options.Seconds)).ConfigureAwait(false);
        var all = new Spread(times.SelectMany(list => list));
        report.Value("transactions", all.Count);
        report.Percentiles("wait", all);
        report.Value("wait_max_to_median", all.Maximum / all.Median);

        var shares = new Spread(times.Select(list => (double)list.Count));
        report.Value("share_min", shares.Minimum);
        report.Value("share_median", shares.Median);
        report.Value("share_max", shares.Maximum);
        report.Value("share_jain", shares.JainIndex);

        var means = new Spread(times.Select(list => list.Count == 0 ? double.MaxValue : list.Average()));
        report.Value("mean_wait_min", means.Minimum);
        report.Value("mean_wait_median", means.Median);
        report.Value("mean_wait_max", means.Maximum);
    }
}
