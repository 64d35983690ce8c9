using BenchmarkDotNet.Running;
using Pooler.Benchmarks.Standin;

if (args is ["--idle-actor-bytes", ..])
{
    Console.WriteLine($"{await IdleActorBytes.MeasureAsync(100_000):F0} bytes per idle actor, its parent's entry included");
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(IdleActorBytes).Assembly).Run(args);
