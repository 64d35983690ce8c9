namespace Akka.Actor;

/// <summary>
/// An actor whose handlers are declared by type in its constructor, or in the method given to Become; the first that fits takes the message.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    private List<MessageHandler>? _declaring = [];
    private MessageHandler[] _handlers = [];

    protected ReceiveActor()
    {
    }

    protected sealed override void OnReceive(object message)
    {
        if (_declaring is { } declared)
        {
            // The constructors are through with the first message.
            _handlers = declared.ToArray();
            _declaring = null;
        }

        if (!TryHandle(_handlers, message))
        {
            Unhandled(message);
        }
    }

    protected void Become(Action configure) => Become(Declare(configure));

    protected void BecomeStacked(Action configure) => BecomeStacked(Declare(configure));

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new TypedHandler<T>(handler, shouldHandle));
    }

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new DecidingHandler<T>(handler));
    }

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(new UntypedHandler(messageType, message =>
        {
            if (shouldHandle is not null && !shouldHandle(message))
            {
                return false;
            }

            handler(message);
            return true;
        }));
    }

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(new UntypedHandler(messageType, handler));
    }

    /// <summary>Takes whatever is left; no handler can follow.</summary>
    protected void ReceiveAny(Action<object> handler) => Receive<object>(handler, null);

    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Receive<T>(message => RunTask(() => handler(message)), shouldHandle);
    }

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync<object>(handler, null);

    private static bool TryHandle(MessageHandler[] handlers, object message)
    {
        foreach (MessageHandler handler in handlers)
        {
            if (handler.TryHandle(message))
            {
                return true;
            }
        }

        return false;
    }

    private Receive Declare(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        if (_declaring is { } own)
        {
            // Become before the first message: the constructor's handlers are the actor's own behaviour.
            _handlers = own.ToArray();
        }

        List<MessageHandler> declared = [];
        _declaring = declared;
        try
        {
            configure();
        }
        finally
        {
            _declaring = null;
        }

        MessageHandler[] handlers = declared.ToArray();
        return message => TryHandle(handlers, message);
    }

    private void Add(MessageHandler handler)
    {
        if (_declaring is not { } declaring)
        {
            throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");
        }

        if (declaring.Count > 0 && declaring[^1].TakesAll)
        {
            throw new InvalidOperationException(
                "A handler that catches all messages has been added. No handler can be added after that.");
        }

        declaring.Add(handler);
    }
}
