using System.Globalization;
using Pooler.Testing.Fuzzing;
using Pooler.Testing.Simulation;
using Simulate;

// eng/simulate and eng/fuzz start it.
if (args is ["record", var directory])
{
    return await RecordCommand.RunAsync(directory);
}

var options = new Dictionary<string, long>();
for (var i = 1; i < args.Length; i += 2)
{
    if (i + 1 == args.Length || args[i] is not ("--transactions" or "--runs" or "--seed" or "--replay")
        || !long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number))
    {
        return Usage();
    }

    options[args[i]] = number;
}

long? first = options.TryGetValue("--seed", out var seed) ? seed : null;
switch (args.FirstOrDefault())
{
    case "transactions" when options.TryGetValue("--replay", out var one):
        return LongRun.Replay(() => SimulatedRun.Play((int)one, keepsLog: true));

    case "transactions":
        var sum = SimulatedResult.None;
        var code = new LongRun().Play(
            first,
            options.GetValueOrDefault("--transactions", 1_000_000),
            number => SimulatedRun.Play(number),
            result => (sum += result).Transactions,
            "transactions");
        Console.WriteLine(sum);
        return code;

    case "fuzz" when options.TryGetValue("--replay", out var one):
        return LongRun.Replay(() => FuzzedRun.Play((int)one, keepsLog: true));

    case "fuzz":
        var total = FuzzedResult.None;
        var fuzzed = new LongRun().Play(
            first, options.GetValueOrDefault("--runs", 10_000), number => FuzzedRun.Play(number), result => (total += result).Runs, "runs");
        Console.WriteLine(total);
        return fuzzed;

    default:
        return Usage();
}

static int Usage()
{
    Console.Error.WriteLine("usage: transactions [--transactions N] [--seed FIRST] [--replay SEED] | fuzz [--runs N] [--seed FIRST] [--replay SEED] | record DIRECTORY");
    return 2;
}
