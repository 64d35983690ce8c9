using System.Diagnostics;
using System.Globalization;
using Pooler.Testing.Simulation;

// Plays runs of the simulated pooler: --transactions N from fresh seeds or from --seed S on, or the one run of --replay S with its log.
var options = new Dictionary<string, long>();
for (var i = 0; i + 1 < args.Length; i += 2)
{
    if (args[i] is not ("--transactions" or "--seed" or "--replay") || !long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number))
    {
        return Usage();
    }

    options[args[i]] = number;
}

if (args.Length % 2 != 0)
{
    return Usage();
}

if (options.TryGetValue("--replay", out var one))
{
    try
    {
        Console.WriteLine(SimulatedRun.Play((int)one, keepsLog: true));
        return 0;
    }
    catch (SimulationFailedException failure)
    {
        Console.WriteLine(failure.Message);
        return 1;
    }
}

var wanted = options.GetValueOrDefault("--transactions", 1_000_000);
var seeds = options.TryGetValue("--seed", out var first) ? Enumerable.Range((int)first, int.MaxValue - (int)first) : SimulatedRuns.Fresh();
var clock = Stopwatch.StartNew();
var sum = SimulatedResult.None;
var runs = 0;
var nextReport = TimeSpan.FromSeconds(5);
var failed = SimulatedRuns.Play(seeds, seed => SimulatedRun.Play(seed), () => sum.Transactions < wanted, (seed, result) =>
{
    if (runs++ == 0)
    {
        Console.WriteLine($"The first seed is {seed}.");
    }

    sum += result;
    if (clock.Elapsed > nextReport)
    {
        nextReport = clock.Elapsed + TimeSpan.FromSeconds(5);
        Report();
    }
});
Report();
Console.WriteLine(sum);
if (failed is null)
{
    return 0;
}

Console.WriteLine(failed.Message);
Console.WriteLine("eng/simulate --replay SEED plays this run again, with its log.");
return 1;

void Report() => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{clock.Elapsed.TotalSeconds,7:F0} s  {runs,6} runs  {sum.Transactions,9} transactions  {sum.Transactions / clock.Elapsed.TotalSeconds,7:F0}/s"));

static int Usage()
{
    Console.Error.WriteLine("usage: eng/simulate [--transactions N] [--seed FIRST] | --replay SEED");
    return 2;
}
