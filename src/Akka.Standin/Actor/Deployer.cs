using Akka.Configuration;

namespace Akka.Actor;

/// <summary>The section akka.actor.deployment: dispatchers by path below /user, with * for one level and ** at the end for all below.</summary>
internal sealed class Deployer
{
    private readonly List<(string[] Elements, string Dispatcher)> _entries = [];

    internal Deployer(Config config)
    {
        if (config.GetConfig("akka.actor.deployment") is not { } deployment)
        {
            return;
        }

        foreach (KeyValuePair<string, Configuration.Hocon.HoconValue> entry in deployment.AsEnumerable())
        {
            string dispatcher = entry.Value.ToConfig().GetString("dispatcher") ?? "";
            if (dispatcher.Length > 0)
            {
                _entries.Add((entry.Key.Split('/', StringSplitOptions.RemoveEmptyEntries), dispatcher));
            }
        }

        // The most exact entry counts: names before wildcards, from the left.
        _entries.Sort((left, right) => Rank(left.Elements).CompareTo(Rank(right.Elements)));
    }

    internal bool IsEmpty => _entries.Count == 0;

    /// <param name="path">The path of an actor that is about to be created.</param>
    internal string? DispatcherFor(ActorPath path)
    {
        IReadOnlyList<string> elements = path.Elements;
        if (elements.Count < 2 || elements[0] != "user")
        {
            return null;
        }

        foreach ((string[] pattern, string dispatcher) in _entries)
        {
            if (Matches(pattern, elements))
            {
                return dispatcher;
            }
        }

        return null;
    }

    private static int Rank(string[] pattern)
    {
        int rank = 0;
        foreach (string element in pattern)
        {
            rank = (rank * 3) + (element == "**" ? 2 : element.Contains('*', StringComparison.Ordinal) ? 1 : 0);
        }

        return rank;
    }

    private static bool Matches(string[] pattern, IReadOnlyList<string> elements)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**")
            {
                return elements.Count > i + 1;
            }

            if (i + 1 >= elements.Count || !WildcardText.Matches(elements[i + 1], pattern[i]))
            {
                return false;
            }
        }

        return elements.Count == pattern.Length + 1;
    }
}
