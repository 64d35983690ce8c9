using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>What is known of the classes of actors; asked for once each.</summary>
internal static class ActorTypes
{
    private static readonly ConcurrentDictionary<Type, bool> Overrides = new();

    /// <summary>Whether the class replaces AroundReceive. Those that do not are spared a delegate for their own method.</summary>
    internal static bool OverridesAroundReceive(Type type) => Overrides.TryGetValue(type, out bool known) ? known : Overrides.GetOrAdd(type, LookUp);

    private static bool LookUp(Type type) =>
        type.GetMethod("AroundReceive", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(Receive), typeof(object)])?.DeclaringType != typeof(ActorBase);
}
