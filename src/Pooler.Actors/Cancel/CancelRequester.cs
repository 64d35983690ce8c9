using Akka.Actor;

namespace Pooler.Actors.Cancel;

/// <summary>Where a cancel request came from: the reception that keeps the asking socket open until the request is done, and the socket's number there.</summary>
internal sealed record CancelRequester(IActorRef Reception, long SocketId) : INoSerializationVerificationNeeded;
