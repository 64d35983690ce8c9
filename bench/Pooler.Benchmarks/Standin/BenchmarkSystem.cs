using Akka.Actor;
using Akka.Configuration;

namespace Pooler.Benchmarks.Standin;

/// <summary>The actor system of the benchmarks, with the dispatchers "calling-thread" and "own-thread".</summary>
internal static class BenchmarkSystem
{
    public static ActorSystem Start() => ActorSystem.Create("benchmarks", ConfigurationFactory.ParseString($$"""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.log-dead-letters = off
        calling-thread { type = Dispatcher, throughput = 30, executor = "{{typeof(CallingThreadExecutorConfigurator).AssemblyQualifiedName}}" }
        own-thread { type = Dispatcher, throughput = 30, executor = "{{typeof(ThreadExecutorConfigurator).AssemblyQualifiedName}}" }
        """));
}
