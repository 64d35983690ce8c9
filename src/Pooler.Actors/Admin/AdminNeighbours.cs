using System.Collections.Immutable;
using Akka.Actor;
using Pooler.Actors.Dns;

namespace Pooler.Actors.Admin;

/// <summary>Whom the admin actor talks to.</summary>
/// <param name="Pools">The pools registry: <see cref="CollectPools"/>, <see cref="PausePools"/>, <see cref="ResumePools"/>.</param>
/// <param name="Loops">The actors of the loops: <see cref="CollectClients"/>.</param>
/// <param name="Configuration">The holder of the settings.</param>
/// <param name="Root">Who ends the pooler: <see cref="ShutdownRequested"/>.</param>
/// <param name="Statistics">The keeper of statistics.</param>
/// <param name="Dns">The name cache: <see cref="CollectDns"/>.</param>
internal sealed record AdminNeighbours(
    IActorRef Pools, ImmutableArray<IActorRef> Loops, IActorRef Configuration, IActorRef Root, IActorRef Statistics, IActorRef Dns)
{
    /// <summary>Who listens: <see cref="PauseListeners"/>.</summary>
    public required IActorRef Listeners { get; init; }
}
