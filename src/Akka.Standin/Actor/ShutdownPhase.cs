using Akka.Configuration;

namespace Akka.Actor;

/// <summary>One phase of the coordinated shutdown as configured.</summary>
internal sealed record ShutdownPhase(string Name, IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover, bool Enabled)
{
    /// <summary>Reads all phases and puts each after those it depends on.</summary>
    internal static List<ShutdownPhase> ReadAll(Config config)
    {
        TimeSpan defaultTimeout = config.GetTimeSpan("default-phase-timeout", TimeSpan.FromSeconds(5));
        Dictionary<string, ShutdownPhase> phases = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, Configuration.Hocon.HoconValue> entry in config.GetConfig("phases")?.AsEnumerable() ?? [])
        {
            Config phase = entry.Value.ToConfig();
            phases[entry.Key] = new ShutdownPhase(
                entry.Key,
                [.. phase.GetStringList("depends-on", [])],
                phase.GetTimeSpan("timeout", defaultTimeout),
                phase.GetBoolean("recover", true),
                phase.GetBoolean("enabled", true));
        }

        List<ShutdownPhase> sorted = [];
        HashSet<string> done = new(StringComparer.Ordinal);
        foreach (string name in phases.Keys.Order(StringComparer.Ordinal))
        {
            Visit(name, phases, done, [], sorted);
        }

        return sorted;
    }

    private static void Visit(
        string name, Dictionary<string, ShutdownPhase> phases, HashSet<string> done, HashSet<string> above, List<ShutdownPhase> sorted)
    {
        if (done.Contains(name))
        {
            return;
        }

        if (!above.Add(name))
        {
            throw new ArgumentException($"Cycle detected in graph of phases. It must be a DAG. phase [{name}] depends transitively on itself.");
        }

        ShutdownPhase? phase = phases.GetValueOrDefault(name);
        foreach (string other in phase?.DependsOn ?? [])
        {
            Visit(other, phases, done, above, sorted);
        }

        above.Remove(name);
        done.Add(name);
        if (phase is not null)
        {
            sorted.Add(phase);
        }
    }
}
