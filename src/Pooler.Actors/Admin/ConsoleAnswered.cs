using Akka.Actor;
using Akka.Event;

namespace Pooler.Actors.Admin;

/// <summary>The admin actor's answer to <see cref="RunConsoleCommand"/>. A session may be gone before it comes.</summary>
internal sealed record ConsoleAnswered(long Command, ConsoleReply Reply) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
