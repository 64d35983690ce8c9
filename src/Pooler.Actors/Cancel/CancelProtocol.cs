using Akka.Actor;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Cancel;

// The public face of cancel requests: from the reception that read one over all loops to the client it is meant for, on to its pool, and back.

/// <summary>
/// Asks a loop whether one of its clients has this key; <paramref name="Tail"/> is the rest of a key of protocol 3.2. Answered with <see cref="CancelRouted"/>.
/// </summary>
internal sealed record RouteCancel(CancelKey Key, byte[] Tail, CancelRequester Requester) : INoSerializationVerificationNeeded;

/// <summary>One loop's answer to <see cref="RouteCancel"/>.</summary>
internal sealed record CancelRouted(long SocketId, bool IsFound) : INoSerializationVerificationNeeded;

/// <summary>Tells a client that it is to be cancelled. It ends with <see cref="CancelDone"/> to the requester.</summary>
internal sealed record CancelRequested(CancelRequester Requester) : INoSerializationVerificationNeeded;

/// <summary>
/// The request has come to its end, for the reason in the log; the asking socket may close. <paramref name="Database"/>: that of the pool it has got to, for the log.
/// </summary>
internal sealed record CancelDone(long SocketId, string Reason, string? Database = null) : INoSerializationVerificationNeeded;

/// <summary>
/// The connection that carried a request to a server is through with it. <paramref name="IsSettled"/>: the request can strike nothing any more, because the server has
/// closed the connection or the key was never sent.
/// </summary>
internal sealed record CancelCarried(long Id, bool IsSent, bool IsSettled) : INoSerializationVerificationNeeded;
