using Akka.Actor;

namespace Pooler.Actors.Supervision;

// What passes between a loop's actor and its pools and reception while SUSPEND is under way.

/// <summary>
/// Asks for rest: nothing half done, no reading. Asked again and again until it is answered with <see cref="AtRest"/>. <paramref name="IsTimeOver"/>: suspend_timeout has
/// passed, so that what is not at rest is closed.
/// </summary>
internal sealed record ComeToRest(long Id, bool IsTimeOver) : INoSerializationVerificationNeeded;

/// <summary>The answer to <see cref="ComeToRest"/>.</summary>
internal sealed record AtRest(long Id) : INoSerializationVerificationNeeded;

/// <summary>Ends the rest of a pool.</summary>
internal sealed class WakePool : INoSerializationVerificationNeeded
{
    public static readonly WakePool Instance = new();
}
