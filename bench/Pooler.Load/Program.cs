using Pooler.Load;

if (!LoadOptions.TryParse(args, out LoadOptions? options, out string? error))
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}

if (!OpenFiles.TryRaise(options.Clients + OpenFiles.Spare, out error))
{
    Console.Error.WriteLine(error);
    return 2;
}

var report = new Report(Console.Out);
using var driver = new LoadDriver(options, report);
await (options.Load == LoadKind.Fairness ? new FairnessLoad(options, driver, report).RunAsync() : new ClientsLoad(options, driver, report).RunAsync());
return report.End() ? 0 : 1;
