namespace Akka.Dispatch;

/// <summary>
/// One queued user message. Nodes are recycled through <see cref="MailNodeCache"/>, so a message costs no allocation in steady state.
/// A mailbox is a stack of nodes that any thread pushes on and its reader takes whole; the two sentinels are states of a stack without nodes.
/// </summary>
internal sealed class MailNode
{
    /// <summary>The mailbox is empty and its cell waits to be run or is running.</summary>
    internal static readonly MailNode Scheduled = new();

    /// <summary>The actor has stopped; nothing is queued any more.</summary>
    internal static readonly MailNode Closed = new();

    internal object? Message;
    internal Akka.Actor.IActorRef? Sender;
    internal MailNode? Next;
}
